-- scorecard_indicators: what each zone's yearly assessment is made of: the value of each
-- indicator, the projects that it rests on, its score among the zones of the type, and
-- the weight with which it counts. The score of a zone in zone_scorecard is the sum of
-- score × weight_used / 100.
--
-- The score is the place of the value between the lowest and the highest of the zones
-- of the type in the year: 0 for the worst, 100 for the best; where all values are
-- equal, or only one zone has one, it is 50. The weight of indicators without a score is
-- shared by the others of the pair, and that of a pair without any by the other pairs, in
-- proportion to their weights. Zones of no known type have no rows: there is nobody to
-- compare them with.
--
-- zh: 各开发区年度考核由什么构成：各指标的值、所依据的项目数、在同类开发区中的得分，
-- 以及计入的权重。zone_scorecard 的得分为 score × weight_used / 100 之和。
--
-- 得分为该值在当年同类开发区最低与最高之间的位置：最差 0，最好 100；各值相等或只有
-- 一区有值时为 50。无得分指标的权重由同“比”的其他指标分担，整“比”无得分则由其他各“
-- 比”按权重比例分担。类型未知的开发区没有可比对象，不列。
--
-- grain:    campaign, synthetic, year, zone_id, indicator
-- refs:     campaign, zone_id -> areas.campaign, area_id
--
-- columns:
--   campaign     VARCHAR!  campaign
--     zh: 活动
--   synthetic    BOOLEAN!  counts generated ledger rows
--     zh: 是否由合成台账计得
--   year         INTEGER!  year
--     zh: 考核年度
--   zone_id      VARCHAR!  zone
--     zh: 开发区编号
--   indicator    VARCHAR!  indicator of indicators.csv
--     zh: 指标编号，见 indicators
--   pair         VARCHAR! {reserve, recruitment, construction, service}  reserve (谋划储备), recruitment (招商引资), construction (开工建设) or service (服务水平)
--     zh: 四比四看：谋划储备、招商引资、开工建设、服务水平
--   measure      VARCHAR!  what is measured; survey for values from assessments.csv
--     zh: 度量；survey 为 assessments 中的调查值
--   value        DOUBLE [the measure's unit]  the value; NULL when not known
--     zh: 指标值；未知为空
--   base         BIGINT [projects] 0..  projects that it rests on; NULL for a survey, and when there is none
--     zh: 所依据的项目数；调查值及无项目时为空
--   score        DOUBLE [points] 0..  0 to 100; NULL unless scored
--     zh: 得分，0 至 100；未评分为空
--   weight       DOUBLE! [points of 100] 0..100  weight as set, of 100
--     zh: 设定的权重（满分 100）
--   weight_used  DOUBLE! [points of 100] 0..  weight with which it counts, of 100; 0 unless scored
--     zh: 实际计入的权重（满分 100）；未评分为 0
--   status       VARCHAR! {scored, missing, too_few}  scored, missing (no value), or too_few (base below least_base of the indicator)
--     zh: 状态：scored 已评分，missing 无值，too_few 所依据项目少于指标的 least_base
--   name         VARCHAR!  name of the indicator
--     zh: 指标名称
--   name_en      VARCHAR  its English name
--     zh: 指标英文名称
--   direction    VARCHAR! {higher, lower}  higher or lower, whichever is better
--     zh: 方向：higher 越高越好，lower 越低越好
--   lowest       DOUBLE [the measure's unit]  lowest value scored in the type and year
--     zh: 当年同类中评分的最低值
--   highest      DOUBLE [the measure's unit]  highest value scored
--     zh: 当年同类中评分的最高值
with

valued as (
    select
        zones.campaign, zones.synthetic, zones.year, zones.zone_id, zones.zone_type,
        indicators.indicator, indicators.pair, indicators.measure, indicators.direction,
        indicators.name, indicators.name_en, indicators.weight,
        zone_measures.value, zone_measures.base,
        case
            when zone_measures.value is null then 'missing'
            when zone_measures.base < indicators.least_base then 'too_few'
            else 'scored'
        end as status,
    from scorecard_zones as zones
    inner join indicators using (campaign)
    left join zone_measures
        on
            zones.campaign = zone_measures.campaign
            and zones.synthetic = zone_measures.synthetic
            and zones.year = zone_measures.year
            and zones.zone_id = zone_measures.zone_id
            and zone_measures.measure = if(
                indicators.measure = 'survey', 'survey:' || indicators.indicator,
                indicators.measure
            )
    where zones.zone_type is not null
),

ranged as (
    select
        *,
        min(value) filter (where status = 'scored') over among as lowest,
        max(value) filter (where status = 'scored') over among as highest,
        sum(weight) over in_pair as pair_weight,
        coalesce(sum(weight) filter (where status = 'scored') over in_pair, 0)
            as scored_weight,
    from valued
    window
        among as (partition by campaign, synthetic, year, zone_type, indicator),
        in_pair as (partition by campaign, synthetic, year, zone_id, pair)
),

shared as (
    select
        *,
        case
            when status <> 'scored' then null
            when highest = lowest then 50
            when direction = 'lower' then 100 * (highest - value) / (highest - lowest)
            else 100 * (value - lowest) / (highest - lowest)
        end as score,
        -- What all pairs weigh of which anything is known.
        sum(weight) filter (where scored_weight > 0) over (
            partition by campaign, synthetic, year, zone_id
        ) as known_weight,
    from ranged
)

select
    campaign,
    synthetic,
    year,
    zone_id,
    indicator,
    pair,
    measure,
    value,
    base,
    score::double as score,
    weight::double as weight,
    if(
        status = 'scored' and scored_weight > 0,
        100 * weight::double * pair_weight::double
        / (scored_weight::double * known_weight::double), 0
    )::double as weight_used,
    status,
    name,
    name_en,
    direction,
    lowest,
    highest,
from shared
order by campaign, synthetic, year, zone_id, indicator
