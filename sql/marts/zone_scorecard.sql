-- zone_scorecard: the yearly assessment of the development zones (年度考核) by the four
-- pairs (四比四看), each zone among those of its type. zone_scorecard.md has the formula,
-- the limits and a cell recomputed by hand.
--
-- A zone that cannot be assessed has no rank, and is never last. Its reason is the first
-- that holds: no_indicators (indicators.csv has none), no_projects (no project known to
-- be signed by the end of the year), not_reported (no ledger speaks of it in the year or
-- later), zone_type_unknown, missing_indicator (one that must not be missing is, or rests
-- on too few projects), low_coverage (data for no more than half of the weight).
--
-- zh: 开发区年度考核，按“四比四看”，每个开发区与同类比较。公式、局限和手工复算的一
-- 格见 zone_scorecard.md。
--
-- 无法考核的开发区没有名次，也绝不排在末位。原因取最先成立者：no_indicators（
-- indicators.csv 无指标）、no_projects（年底前无已知签约项目）、not_reported（当年
-- 及以后没有台账提到它）、zone_type_unknown（类型未知）、missing_indicator（不得缺
-- 失的指标缺失或项目太少）、low_coverage（有数据的权重不过一半）。
--
-- grain:    campaign, synthetic, year, zone_id
-- refs:     campaign, zone_id -> areas.campaign, area_id
--
-- columns:
--   campaign            VARCHAR!  campaign
--     zh: 活动
--   synthetic           BOOLEAN!  counts generated ledger rows
--     zh: 是否由合成台账计得
--   year                INTEGER!  year
--     zh: 考核年度
--   zone_id             VARCHAR!  zone
--     zh: 开发区编号
--   zone_name           VARCHAR!  its name
--     zh: 开发区名称
--   zone_name_en        VARCHAR  its English name
--     zh: 开发区英文名称
--   zone_type           VARCHAR {industrial, agriculture, tourism}  industrial, agriculture or tourism: among these it is ranked; NULL when not known
--     zh: 开发区类型，在同类中排名；未知为空
--   city_id             VARCHAR  its city
--     zh: 所属市
--   status              VARCHAR! {assessed, not_assessed}  assessed or not_assessed
--     zh: 是否考核
--   reason              VARCHAR {no_indicators, no_projects, not_reported, zone_type_unknown, missing_indicator, low_coverage}  why it is not assessed; NULL when it is
--     zh: 未考核的原因；已考核为空
--   projects            BIGINT! [projects] 0..  projects known to be signed by the end of the year
--     zh: 年底前已知签约的项目数
--   score               DOUBLE [points] 0..100  the score; NULL unless assessed, as all below but coverage
--     zh: 得分，0 至 100，取十位小数；未考核为空，以下除 coverage 外亦然
--   rank                INTEGER 1..  place among the assessed zones of its type, from 1; equal scores share a place
--     zh: 在已考核的同类开发区中的名次，从 1 起；同分并列
--   ranked_of           INTEGER [zones] 1..  assessed zones of its type
--     zh: 已考核的同类开发区数
--   rank_low            INTEGER 1..  its best place under any weights of scorecard_scenarios
--     zh: 在 scorecard_scenarios 各种权重下的最好名次
--   rank_high           INTEGER 1..  its worst place under any of them
--     zh: 在各种权重下的最差名次
--   reserve_score       DOUBLE [points] 0..100  score in 谋划储备, project quality; NULL when nothing of the pair is known
--     zh: 谋划储备（看项目质量）得分；该“比”全无数据为空
--   recruitment_score   DOUBLE [points] 0..100  score in 招商引资, signings that land
--     zh: 招商引资（看签约落地）得分
--   construction_score  DOUBLE [points] 0..100  score in 开工建设, progress
--     zh: 开工建设（看项目进度）得分
--   service_score       DOUBLE [points] 0..100  score in 服务水平, satisfaction
--     zh: 服务水平（看满意度）得分
--   coverage            DOUBLE [ratio] 0..1  share of the weight that rests on data, 0 to 1; NULL without indicators
--     zh: 有数据的权重所占比例；无指标为空
--   observed_on         DATE  last day of the year for which the zone is known; before 31 December the year is not whole; NULL when it did not report
--     zh: 当年最后所知之日；早于 12 月 31 日则当年不完整；未报为空
with

ranges as (
    select
        campaign, synthetic, year, zone_id,
        min(rank) as rank_low,
        max(rank) as rank_high,
    from scorecard_ranks
    group by all
),

pair_scores as (
    select
        campaign, synthetic, year, zone_id, pair,
        round(sum(weight_used * score) / nullif(sum(weight_used), 0), 10) as score,
    from scorecard_indicators
    where status = 'scored'
    group by all
),

by_pair as (
    select
        campaign, synthetic, year, zone_id,
        max(score) filter (where pair = 'reserve') as reserve_score,
        max(score) filter (where pair = 'recruitment') as recruitment_score,
        max(score) filter (where pair = 'construction') as construction_score,
        max(score) filter (where pair = 'service') as service_score,
    from pair_scores
    group by all
)

select
    states.campaign,
    states.synthetic,
    states.year,
    states.zone_id,
    areas.name as zone_name,
    areas.name_en as zone_name_en,
    states.zone_type,
    areas.city_id,
    if(states.reason is null, 'assessed', 'not_assessed') as status,
    states.reason,
    states.projects,
    ranks.score,
    ranks.rank,
    ranks.ranked_of,
    ranges.rank_low,
    ranges.rank_high,
    if(states.reason is null, by_pair.reserve_score, null) as reserve_score,
    if(states.reason is null, by_pair.recruitment_score, null) as recruitment_score,
    if(states.reason is null, by_pair.construction_score, null) as construction_score,
    if(states.reason is null, by_pair.service_score, null) as service_score,
    states.coverage,
    states.observed_on,
from scorecard_states as states
inner join areas
    on states.campaign = areas.campaign and states.zone_id = areas.area_id
left join scorecard_ranks as ranks
    on
        states.campaign = ranks.campaign
        and states.synthetic = ranks.synthetic
        and states.year = ranks.year
        and states.zone_id = ranks.zone_id
        and ranks.scenario = 'as_set'
left join ranges
    on
        states.campaign = ranges.campaign
        and states.synthetic = ranges.synthetic
        and states.year = ranges.year
        and states.zone_id = ranges.zone_id
left join by_pair
    on
        states.campaign = by_pair.campaign
        and states.synthetic = by_pair.synthetic
        and states.year = by_pair.year
        and states.zone_id = by_pair.zone_id
order by
    states.campaign, states.synthetic, states.year, states.zone_type, ranks.rank,
    states.zone_id
