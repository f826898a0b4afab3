-- area_conversion: from signed to started to commissioned, for every area and
-- period of which two stages are published. All levels stand here; the marts
-- zone_conversion and city_conversion are cut from it.
--
-- These are flow ratios: what starts in a round was signed earlier, so they are
-- not the share of the signed projects that started, and may pass 1.
--
-- grain:    campaign, area_id, universe, basis, period, period_id
-- refs:     campaign, area_id -> areas.campaign, area_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   area_id          VARCHAR  area
--   area             VARCHAR  name of the area
--   area_en          VARCHAR  English name of the area
--   level            VARCHAR  province, city, county, zone, zone_part or cluster
--   universe         VARCHAR  which projects the figures count
--   basis            VARCHAR  published_flow: figures published for one period, divided
--   period           VARCHAR  round, annual, cumulative, other, or all (complete rounds added up)
--   period_id        VARCHAR  key of the period; all for all
--   round            VARCHAR  round id; all for all; NULL for years and spans
--   period_from      DATE     first day covered; NULL when not known
--   period_to        DATE     last day covered; NULL when not known
--   rounds_covered   INTEGER  rounds added up; NULL when the span does not say
--   signed           BIGINT   projects signed
--   started          BIGINT   projects started
--   commissioned     BIGINT   projects commissioned
--   start_ratio      DOUBLE   started / signed; a flow ratio may pass 1
--   commission_ratio DOUBLE   commissioned / started
--   overall_ratio    DOUBLE   commissioned / signed
--   signed_investment_cny        DECIMAL(18,2)  investment of the projects signed
--   started_investment_cny       DECIMAL(18,2)  investment of the projects started
--   commissioned_investment_cny  DECIMAL(18,2)  investment of the projects commissioned
--   start_investment_ratio       DOUBLE  started / signed, by investment
--   commission_investment_ratio  DOUBLE  commissioned / started, by investment
--   overall_investment_ratio     DOUBLE  commissioned / signed, by investment
--   as_of            DATE     day whose knowledge this is; NULL for today's
--   has_conflict     BOOLEAN  sources disagree on one of the figures
--   has_doubt        BOOLEAN  one of the claims held is doubted, see claims.doubt
--   has_approximate  BOOLEAN  one of the claims held is printed as about, over or nearly
--   claim_ids        VARCHAR[]  claims held for the figures
with

-- The rounds with all three counts, added up: a part of the campaign unless
-- rounds_covered says otherwise. Money only where every round has it.
complete_rounds as (
    select
        campaign, area_id, universe,
        'all' as period,
        'all' as period_id,
        min(period_from) as period_from,
        max(period_to) as period_to,
        count(*)::integer as rounds_covered,
        sum(signed)::bigint as signed,
        sum(started)::bigint as started,
        sum(commissioned)::bigint as commissioned,
        if(count(signed_investment_cny) = count(*), sum(signed_investment_cny), null)
            ::decimal(18, 2) as signed_investment_cny,
        if(count(started_investment_cny) = count(*), sum(started_investment_cny), null)
            ::decimal(18, 2) as started_investment_cny,
        if(count(commissioned_investment_cny) = count(*), sum(commissioned_investment_cny), null)
            ::decimal(18, 2) as commissioned_investment_cny,
        bool_or(has_conflict) as has_conflict,
        bool_or(has_doubt) as has_doubt,
        bool_or(has_approximate) as has_approximate,
        list_sort(flatten(list(claim_ids))) as claim_ids,
    from stage_figures
    where
        period = 'round'
        and signed is not null and started is not null and commissioned is not null
    group by campaign, area_id, universe
    having count(*) > 1
),

counted as (
    select
        campaign, area_id, universe, period, period_id, period_from, period_to,
        if(period = 'round', 1, null)::integer as rounds_covered,
        signed, started, commissioned,
        signed_investment_cny, started_investment_cny, commissioned_investment_cny,
        has_conflict, has_doubt, has_approximate, claim_ids,
    from stage_figures
    where
        (signed is not null)::integer + (started is not null)::integer
        + (commissioned is not null)::integer >= 2
        or (signed_investment_cny is not null)::integer
        + (started_investment_cny is not null)::integer
        + (commissioned_investment_cny is not null)::integer >= 2
    union all by name
    select * from complete_rounds
)

select
    counted.campaign,
    counted.area_id,
    areas.name as area,
    areas.name_en as area_en,
    areas.level,
    counted.universe,
    'published_flow' as basis,
    counted.period,
    counted.period_id,
    if(counted.period in ('round', 'all'), counted.period_id, null) as round,
    counted.period_from,
    counted.period_to,
    counted.rounds_covered,
    counted.signed,
    counted.started,
    counted.commissioned,
    counted.started / nullif(counted.signed, 0) as start_ratio,
    counted.commissioned / nullif(counted.started, 0) as commission_ratio,
    counted.commissioned / nullif(counted.signed, 0) as overall_ratio,
    counted.signed_investment_cny,
    counted.started_investment_cny,
    counted.commissioned_investment_cny,
    counted.started_investment_cny::double / nullif(counted.signed_investment_cny, 0)
        as start_investment_ratio,
    counted.commissioned_investment_cny::double / nullif(counted.started_investment_cny, 0)
        as commission_investment_ratio,
    counted.commissioned_investment_cny::double / nullif(counted.signed_investment_cny, 0)
        as overall_investment_ratio,
    params.as_of,
    counted.has_conflict,
    counted.has_doubt,
    counted.has_approximate,
    counted.claim_ids,
from counted
inner join areas
    on counted.campaign = areas.campaign and counted.area_id = areas.area_id
cross join params
order by
    counted.campaign, counted.area_id, counted.universe, counted.period,
    counted.period_id
