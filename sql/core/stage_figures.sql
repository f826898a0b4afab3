-- stage_figures: the three stages of one area and period side by side, in
-- projects and in money, within one universe.
--
-- grain:    campaign, area_id, universe, period, period_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   area_id          VARCHAR  area
--   universe         VARCHAR  which projects the figures count
--   period           VARCHAR  round, annual, cumulative or other
--   period_id        VARCHAR  key of the period
--   period_from      DATE     first day covered
--   period_to        DATE     last day covered
--   round            VARCHAR  round; NULL for years and spans
--   signed           BIGINT   projects signed
--   started          BIGINT   projects started
--   commissioned     BIGINT   projects commissioned
--   signed_investment_cny        DECIMAL(18,2)  investment of the projects signed
--   started_investment_cny       DECIMAL(18,2)  investment of the projects started
--   commissioned_investment_cny  DECIMAL(18,2)  investment of the projects commissioned
--   has_conflict     BOOLEAN  sources disagree on one of the figures
--   has_doubt        BOOLEAN  one of the claims held is doubted, see claims.doubt
--   has_approximate  BOOLEAN  one of the claims held is printed as about, over or nearly
--   claim_ids        VARCHAR[]  claims held for the figures
select
    campaign,
    area_id,
    universe,
    period,
    period_id,
    min(period_from) as period_from,
    max(period_to) as period_to,
    any_value(round) as round,
    max(value) filter (where stage = 'signed' and metric = 'projects')::bigint as signed,
    max(value) filter (where stage = 'started' and metric = 'projects')::bigint as started,
    max(value) filter (where stage = 'commissioned' and metric = 'projects')::bigint
        as commissioned,
    max(value) filter (where stage = 'signed' and metric = 'investment')::decimal(18, 2)
        as signed_investment_cny,
    max(value) filter (where stage = 'started' and metric = 'investment')::decimal(18, 2)
        as started_investment_cny,
    max(value) filter (where stage = 'commissioned' and metric = 'investment')::decimal(18, 2)
        as commissioned_investment_cny,
    bool_or(agreement = 'conflict') as has_conflict,
    bool_or(doubt is not null) as has_doubt,
    bool_or(approximate) as has_approximate,
    list(claim_id order by claim_id) as claim_ids,
from facts
where
    stage in ('signed', 'started', 'commissioned')
    and metric in ('projects', 'investment')
group by campaign, area_id, universe, period, period_id
