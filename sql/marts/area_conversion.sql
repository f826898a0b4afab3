-- area_conversion: from signed to started to commissioned, for every area and
-- period of which two stages are published, and for every area with projects in a
-- ledger. All levels stand here; the marts zone_conversion and city_conversion are
-- cut from it.
--
-- basis published_flow: what starts in a round was signed earlier, so these are not
-- the share of the signed projects that started, and may pass 1. basis
-- ledger_cohort: the same projects followed from their signing on, as
-- core/project_states judges them; the ratios lie in 0..1, carry a 95 % Wilson
-- interval, and speak only of the projects that the ledgers hold. Projects not there
-- yet may still come: a young round's ratio is low. The two are never compared.
--
-- zh: 各地区、各期间从签约到开工再到投产的转化：凡有两个阶段数据公布的地区，以及台
-- 账中有项目的地区，均列于此。各级地区都在本表，zone_conversion 和 city_conversion
-- 由此取出。
--
-- published_flow（公布流量）：同一期内开工的项目是更早签约的，故其比值不是“签约项目
-- 中已开工的比例”，可以大于 1。ledger_cohort（台账队列）：自签约起跟踪同一批项目，
-- 由 core/project_states 判定进度；比率在 0 到 1 之间，附 95% 威尔逊区间，只代表台
-- 账所载项目。尚未到达的项目以后仍可能到达，故新近期次的比率偏低。两种口径绝不互相
-- 比较。
--
-- grain:    campaign, area_id, universe, basis, synthetic, period, period_id
-- refs:     campaign, area_id -> areas.campaign, area_id
--
-- columns:
--   campaign                     VARCHAR!  campaign
--     zh: 活动
--   area_id                      VARCHAR!  area
--     zh: 地区编号
--   area                         VARCHAR!  name of the area
--     zh: 地区名称
--   area_en                      VARCHAR  English name of the area
--     zh: 地区英文名称
--   level                        VARCHAR! {province, city, county, zone, zone_part, cluster}  province, city, county, zone, zone_part or cluster
--     zh: 层级：省、市、县、开发区、片区、产业集聚区
--   universe                     VARCHAR!  which projects the figures count; ledger: those in the ledgers loaded
--     zh: 统计口径，见 universes；ledger 为已载入台账中的项目
--   basis                        VARCHAR! {published_flow, ledger_cohort}  published_flow: figures published for one period, divided; ledger_cohort: of the projects signed in the period, the share that came further by as_of
--     zh: 依据：published_flow 为同一期公布数相除；ledger_cohort 为该期签约项目中截至 as_of 到达后续阶段的比例
--   synthetic                    BOOLEAN!  counts generated ledger rows; false for all that is published
--     zh: 是否由合成台账计得；公布数据一律为 false
--   period                       VARCHAR! {round, annual, cumulative, other, all}  round, annual, cumulative, other, or all (of flows: complete rounds added up; of cohorts: all projects signed, the round known or not)
--     zh: 期间类别：期次、年度、累计、其他，或 all（流量：完整各期之和；队列：全部已签约项目，不论期次是否已知）
--   period_id                    VARCHAR!  key of the period; all for all
--     zh: 期间编号；全部为 all
--   round                        VARCHAR  round id; all for all; NULL for years and spans
--     zh: 期次编号；全部为 all；年度和跨期为空
--   period_from                  DATE  first day covered, of a cohort the first day of signing; NULL when not known
--     zh: 起始日期，队列为最早签约日；未知为空
--   period_to                    DATE  last day covered; NULL when not known
--     zh: 截止日期；未知为空
--   rounds_covered               INTEGER [rounds] 0..  rounds added up, of a cohort those known; NULL when the span does not say
--     zh: 合计的期数，队列为已知期数；跨期未说明时为空
--   signed                       BIGINT [projects] 0..  projects signed
--     zh: 签约项目数
--   started                      BIGINT [projects] 0..  projects started
--     zh: 开工项目数
--   commissioned                 BIGINT [projects] 0..  projects commissioned
--     zh: 投产项目数
--   start_ratio                  DOUBLE [ratio] 0..  started / signed; a flow ratio may pass 1, a cohort's lies in 0..1
--     zh: 开工数除以签约数；流量比值可大于 1，队列比率在 0 到 1 之间
--   commission_ratio             DOUBLE [ratio] 0..  commissioned / started
--     zh: 投产数除以开工数
--   overall_ratio                DOUBLE [ratio] 0..  commissioned / signed
--     zh: 投产数除以签约数
--   start_ci_low                 DOUBLE [ratio] 0..1  lower end of the 95 % Wilson interval of start_ratio; NULL for flows, as are all intervals
--     zh: start_ratio 的 95% 威尔逊区间下限；流量无区间，各区间列均为空
--   start_ci_high                DOUBLE [ratio] 0..1  upper end for start_ratio
--     zh: start_ratio 的区间上限
--   commission_ci_low            DOUBLE [ratio] 0..1  lower end for commission_ratio
--     zh: commission_ratio 的区间下限
--   commission_ci_high           DOUBLE [ratio] 0..1  upper end for commission_ratio
--     zh: commission_ratio 的区间上限
--   overall_ci_low               DOUBLE [ratio] 0..1  lower end for overall_ratio
--     zh: overall_ratio 的区间下限
--   overall_ci_high              DOUBLE [ratio] 0..1  upper end for overall_ratio
--     zh: overall_ratio 的区间上限
--   signed_investment_cny        DECIMAL(18,2) [CNY] 0..  investment of the projects signed; of a cohort, of those whose investment is known
--     zh: 签约项目投资额（元）；队列只计投资额已知的项目
--   started_investment_cny       DECIMAL(18,2) [CNY] 0..  investment of the projects started
--     zh: 开工项目投资额（元）
--   commissioned_investment_cny  DECIMAL(18,2) [CNY] 0..  investment of the projects commissioned
--     zh: 投产项目投资额（元）
--   start_investment_ratio       DOUBLE [ratio] 0..  started / signed, by investment
--     zh: 按投资额计的开工与签约之比
--   commission_investment_ratio  DOUBLE [ratio] 0..  commissioned / started, by investment
--     zh: 按投资额计的投产与开工之比
--   overall_investment_ratio     DOUBLE [ratio] 0..  commissioned / signed, by investment
--     zh: 按投资额计的投产与签约之比
--   projects_without_investment  BIGINT [projects] 0..  projects of the cohort signed whose investment is not known; NULL for flows
--     zh: 队列签约项目中投资额未知的项目数；流量为空
--   as_of                        DATE  day whose knowledge this is, NULL for today's; of a cohort the latest day for which one of its projects is known
--     zh: 所据信息的截至日，为空表示至今；队列为其项目最近一次见于台账之日
--   has_conflict                 BOOLEAN!  sources disagree on one of the figures
--     zh: 各来源对其中某个数字是否不一致
--   has_doubt                    BOOLEAN!  one of the claims held is doubted, see claims.doubt
--     zh: 所采信的主张中是否有存疑者，见 claims.doubt
--   has_approximate              BOOLEAN!  a claim held, or an amount of a project, is printed as about, over or nearly
--     zh: 所采信的主张或项目金额中是否有约数
--   claim_ids                    VARCHAR[]!  claims held for the figures
--     zh: 所采信的各主张编号
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

flows as (
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
),

cohorts as (
    select
        cohort_counts.* exclude (kind, key, zones_covered, observed_on),
        cohort_conversion.* exclude (campaign, synthetic, kind, key, period, period_id),
        cohort_counts.key as area_id,
        'ledger' as universe,
        'ledger_cohort' as basis,
        cohort_counts.observed_on as as_of,
        false as has_conflict,
        false as has_doubt,
        []::varchar[] as claim_ids,
    from cohort_counts
    inner join cohort_conversion using (campaign, synthetic, kind, key, period, period_id)
    where kind = 'area'
),

counted as (
    select flows.*, 'published_flow' as basis, false as synthetic, params.as_of,
    from flows
    cross join params
    union all by name
    select * from cohorts
)

select
    counted.campaign,
    counted.area_id,
    areas.name as area,
    areas.name_en as area_en,
    areas.level,
    counted.universe,
    counted.basis,
    counted.synthetic,
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
    counted.start_ci_low,
    counted.start_ci_high,
    counted.commission_ci_low,
    counted.commission_ci_high,
    counted.overall_ci_low,
    counted.overall_ci_high,
    counted.signed_investment_cny,
    counted.started_investment_cny,
    counted.commissioned_investment_cny,
    counted.started_investment_cny::double / nullif(counted.signed_investment_cny, 0)
        as start_investment_ratio,
    counted.commissioned_investment_cny::double / nullif(counted.started_investment_cny, 0)
        as commission_investment_ratio,
    counted.commissioned_investment_cny::double / nullif(counted.signed_investment_cny, 0)
        as overall_investment_ratio,
    counted.projects_without_investment,
    counted.as_of,
    counted.has_conflict,
    counted.has_doubt,
    counted.has_approximate,
    counted.claim_ids,
from counted
inner join areas
    on counted.campaign = areas.campaign and counted.area_id = areas.area_id
order by
    counted.campaign, counted.area_id, counted.universe, counted.basis desc,
    counted.synthetic, counted.period, counted.period_id
