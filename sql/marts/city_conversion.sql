-- city_conversion: from signed to started to commissioned, by city and period. See
-- area_conversion for the two kinds of ratio.
--
-- zh: 各市、各期间从签约到开工再到投产的转化。两种比率的区别见 area_conversion。
--
-- grain:    campaign, city_id, universe, basis, synthetic, period, period_id
-- refs:     campaign, city_id -> areas.campaign, area_id
--
-- columns:
--   campaign                     like area_conversion
--   city_id                      VARCHAR!  city
--     zh: 地级市编号
--   city                         VARCHAR!  name of the city
--     zh: 市名
--   city_en                      VARCHAR  English name of the city
--     zh: 市的英文名称
--   universe                     like area_conversion
--   basis                        like area_conversion
--   synthetic                    like area_conversion
--   period                       like area_conversion
--   period_id                    like area_conversion
--   round                        like area_conversion
--   period_from                  like area_conversion
--   period_to                    like area_conversion
--   rounds_covered               like area_conversion
--   signed                       like area_conversion
--   started                      like area_conversion
--   commissioned                 like area_conversion
--   start_ratio                  like area_conversion
--   commission_ratio             like area_conversion
--   overall_ratio                like area_conversion
--   start_ci_low                 like area_conversion
--   start_ci_high                like area_conversion
--   commission_ci_low            like area_conversion
--   commission_ci_high           like area_conversion
--   overall_ci_low               like area_conversion
--   overall_ci_high              like area_conversion
--   signed_investment_cny        like area_conversion
--   started_investment_cny       like area_conversion
--   commissioned_investment_cny  like area_conversion
--   start_investment_ratio       like area_conversion
--   commission_investment_ratio  like area_conversion
--   overall_investment_ratio     like area_conversion
--   projects_without_investment  like area_conversion
--   as_of                        like area_conversion
--   has_conflict                 like area_conversion
--   has_doubt                    like area_conversion
--   has_approximate              like area_conversion
--   claim_ids                    like area_conversion
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
