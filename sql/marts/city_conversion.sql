-- city_conversion: from signed to started to commissioned, by city and period. See
-- area_conversion for the two kinds of ratio.
--
-- grain:    campaign, city_id, universe, basis, synthetic, period, period_id
-- refs:     campaign, city_id -> areas.campaign, area_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   city_id          VARCHAR  city
--   city             VARCHAR  name of the city
--   city_en          VARCHAR  English name of the city
--   universe         VARCHAR  which projects the figures count; ledger: those in the ledgers loaded
--   basis            VARCHAR  published_flow: figures published for one period, divided; ledger_cohort: of the projects signed in the period, the share that came further by as_of
--   synthetic        BOOLEAN  counts generated ledger rows; false for all that is published
--   period           VARCHAR  round, annual, cumulative, other, or all (of flows: complete rounds added up; of cohorts: all projects signed, the round known or not)
--   period_id        VARCHAR  key of the period; all for all
--   round            VARCHAR  round id; all for all; NULL for years and spans
--   period_from      DATE     first day covered, of a cohort the first day of signing; NULL when not known
--   period_to        DATE     last day covered; NULL when not known
--   rounds_covered   INTEGER  rounds added up, of a cohort those known; NULL when the span does not say
--   signed           BIGINT   projects signed
--   started          BIGINT   projects started
--   commissioned     BIGINT   projects commissioned
--   start_ratio      DOUBLE   started / signed; a flow ratio may pass 1, a cohort's lies in 0..1
--   commission_ratio DOUBLE   commissioned / started
--   overall_ratio    DOUBLE   commissioned / signed
--   start_ci_low     DOUBLE   lower end of the 95 % Wilson interval of start_ratio; NULL for flows, as are all intervals
--   start_ci_high    DOUBLE   upper end
--   commission_ci_low   DOUBLE  lower end for commission_ratio
--   commission_ci_high  DOUBLE  upper end
--   overall_ci_low   DOUBLE   lower end for overall_ratio
--   overall_ci_high  DOUBLE   upper end
--   signed_investment_cny        DECIMAL(18,2)  investment of the projects signed; of a cohort, of those whose investment is known
--   started_investment_cny       DECIMAL(18,2)  investment of the projects started
--   commissioned_investment_cny  DECIMAL(18,2)  investment of the projects commissioned
--   start_investment_ratio       DOUBLE  started / signed, by investment
--   commission_investment_ratio  DOUBLE  commissioned / started, by investment
--   overall_investment_ratio     DOUBLE  commissioned / signed, by investment
--   projects_without_investment  BIGINT  projects of the cohort signed whose investment is not known; NULL for flows
--   as_of            DATE     day whose knowledge this is, NULL for today's; of a cohort the latest day for which one of its projects is known
--   has_conflict     BOOLEAN  sources disagree on one of the figures
--   has_doubt        BOOLEAN  one of the claims held is doubted, see claims.doubt
--   has_approximate  BOOLEAN  a claim held, or an amount of a project, is printed as about, over or nearly
--   claim_ids        VARCHAR[]  claims held for the figures
select
    area_conversion.campaign,
    area_conversion.area_id as city_id,
    area_conversion.area as city,
    area_conversion.area_en as city_en,
    area_conversion.universe,
    area_conversion.basis,
    area_conversion.synthetic,
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
    area_conversion.start_ci_low,
    area_conversion.start_ci_high,
    area_conversion.commission_ci_low,
    area_conversion.commission_ci_high,
    area_conversion.overall_ci_low,
    area_conversion.overall_ci_high,
    area_conversion.signed_investment_cny,
    area_conversion.started_investment_cny,
    area_conversion.commissioned_investment_cny,
    area_conversion.start_investment_ratio,
    area_conversion.commission_investment_ratio,
    area_conversion.overall_investment_ratio,
    area_conversion.projects_without_investment,
    area_conversion.as_of,
    area_conversion.has_conflict,
    area_conversion.has_doubt,
    area_conversion.has_approximate,
    area_conversion.claim_ids,
from area_conversion
where area_conversion.level = 'city'
order by
    area_conversion.campaign, area_conversion.area_id, area_conversion.universe,
    area_conversion.basis desc, area_conversion.synthetic, area_conversion.period,
    area_conversion.period_id
