-- zone_conversion: from signed to started to commissioned, by zone (开发区) and
-- period. A part of a zone (片区) that is published apart, or named in a ledger, is
-- a row of its own; what a ledger names in a part counts in the zone as well. See
-- area_conversion for the two kinds of ratio.
--
-- zh: 各开发区、各期间从签约到开工再到投产的转化。单独公布或台账中点名的片区自成一
-- 行；台账记在片区的项目同时计入所属开发区。两种比率的区别见 area_conversion。
--
-- grain:    campaign, zone_id, universe, basis, synthetic, period, period_id
-- refs:     campaign, zone_id -> areas.campaign, area_id
-- refs:     campaign, city_id -> areas.campaign, area_id
--
-- columns:
--   campaign                     like area_conversion
--   zone_id                      VARCHAR!  zone, or part of a zone
--     zh: 开发区或片区编号
--   zone                         VARCHAR!  name of the zone
--     zh: 开发区名称
--   zone_en                      VARCHAR  English name of the zone
--     zh: 开发区英文名称
--   level                        VARCHAR! {zone, zone_part}  zone or zone_part
--     zh: 层级：开发区或片区
--   zone_type                    VARCHAR {industrial, agriculture, tourism}  industrial, agriculture or tourism; NULL when not known
--     zh: 开发区类型：工业、现代农业、生态文旅；未知为空
--   zone_level                   VARCHAR {national, provincial}  national or provincial; NULL when not known
--     zh: 级别：国家级、省级；未知为空
--   verified                     BOOLEAN!  false when no public source for the zone was seen
--     zh: 是否见有公开出处；未见为 false
--   city_id                      VARCHAR  city that contains the zone
--     zh: 所属地级市编号
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
    area_conversion.area_id as zone_id,
    area_conversion.area as zone,
    area_conversion.area_en as zone_en,
    areas.level,
    -- A part is of its zone's type and level.
    coalesce(areas.zone_type, whole.zone_type) as zone_type,
    coalesce(areas.zone_level, whole.zone_level) as zone_level,
    areas.verified,
    areas.city_id,
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
inner join areas
    on area_conversion.campaign = areas.campaign and area_conversion.area_id = areas.area_id
left join areas as whole
    on areas.campaign = whole.campaign and areas.parent_id = whole.area_id
where areas.level in ('zone', 'zone_part')
order by
    area_conversion.campaign, area_conversion.area_id, area_conversion.universe,
    area_conversion.basis desc, area_conversion.synthetic, area_conversion.period,
    area_conversion.period_id
