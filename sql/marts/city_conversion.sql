-- city_conversion: from signed to started to commissioned, by city and period.
--
-- grain:    campaign, city_id, universe, basis, period, period_id
-- refs:     campaign, city_id -> areas.campaign, area_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   city_id          VARCHAR  city
--   city             VARCHAR  name of the city
--   city_en          VARCHAR  English name of the city
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
select
    area_conversion.campaign,
    area_conversion.area_id as city_id,
    area_conversion.area as city,
    area_conversion.area_en as city_en,
    area_conversion.universe,
    area_conversion.basis,
    area_conversion.period,
    area_conversion.period_id,
    area_conversion.round,
    area_conversion.period_from,
    area_conversion.period_to,
    area_conversion.rounds_covered,
    area_conversion.signed,
    area_conversion.started,
    area_conversion.commissioned,
    area_conversion.start_ratio,
    area_conversion.commission_ratio,
    area_conversion.overall_ratio,
    area_conversion.signed_investment_cny,
    area_conversion.started_investment_cny,
    area_conversion.commissioned_investment_cny,
    area_conversion.start_investment_ratio,
    area_conversion.commission_investment_ratio,
    area_conversion.overall_investment_ratio,
    area_conversion.as_of,
    area_conversion.has_conflict,
    area_conversion.has_doubt,
    area_conversion.has_approximate,
    area_conversion.claim_ids,
from area_conversion
where area_conversion.level = 'city'
order by
    area_conversion.campaign, area_conversion.area_id, area_conversion.universe,
    area_conversion.period, area_conversion.period_id
