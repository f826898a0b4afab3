-- trend_series: the headline series, round by round. A round without a
-- published figure is a row with the status missing, never 0 and never absent.
--
-- A series of one area, stage and metric counts one universe: that of most of its
-- rounds, and of two with as many the one nearer to the area. A round published
-- only for another is missing here, and other_universes names it: four projects
-- newly on a list do not stand between two full counts. The figure itself is in
-- facts.
--
-- zh: 逐期的主序列。没有公布数字的期次是状态为 missing 的行，既不写 0 也不缺行。
--
-- 一个地区、阶段、指标的序列只计一种口径：多数期次所用的口径，相当时取离该地区更近
-- 者。只按其他口径公布的期次在此为缺失，由 other_universes 指明：新入名单的四个项目
-- 不能夹在两个全量数之间。该数字本身见 facts。
--
-- grain:    campaign, round, area_id, stage, metric
-- refs:     campaign, area_id -> areas.campaign, area_id
-- refs:     campaign, claim_id -> claims.campaign, claim_id
--
-- columns:
--   campaign                    VARCHAR!  campaign
--     zh: 活动
--   series_position             INTEGER! 1..  place of the round in the series
--     zh: 该期在序列中的位置
--   round                       VARCHAR!  round
--     zh: 期次编号
--   held_on                     DATE  day of the round; NULL when not known
--     zh: 活动日期；未知为空
--   area_id                     VARCHAR!  area
--     zh: 地区编号
--   area                        VARCHAR!  name of the area
--     zh: 地区名称
--   area_en                     VARCHAR  English name of the area
--     zh: 地区英文名称
--   level                       VARCHAR! {province, city, county, zone, zone_part, cluster}  level of the area
--     zh: 地区层级
--   verified                    BOOLEAN!  false for a zone that no public source shows
--     zh: 开发区未见公开出处者为 false
--   stage                       VARCHAR! {signed, started, commissioned}  signed, started or commissioned
--     zh: 阶段：签约、开工、投产
--   metric                      VARCHAR! {projects, investment}  projects or investment
--     zh: 指标：项目数或投资额
--   universe                    VARCHAR  which projects the figure counts; NULL when missing
--     zh: 统计口径；缺失为空
--   other_universes             VARCHAR[]!  universes for which the round is published and which the series does not count
--     zh: 该期已公布而序列未采用的其他口径
--   value                       DECIMAL(18,4) [projects or CNY, by metric] 0..  the figure; NULL when missing
--     zh: 数值（个或元，依指标）；缺失为空
--   status                      VARCHAR! {published, derived, conflict, missing}  published, derived (the one round that a span leaves over), conflict or missing
--     zh: 状态：published 已公布，derived 推算（跨期余下的唯一一期），conflict 来源冲突，missing 缺失
--   approximate                 BOOLEAN  a figure it rests on is printed as about, over or nearly; NULL when missing
--     zh: 所依据的数字是否为约数；缺失为空
--   doubt                       VARCHAR  why the claim held, or a figure that a derived one rests on, ranks low; NULL when nothing speaks against them
--     zh: 所采信的主张或推算所据数字的存疑原因；无疑点为空
--   low                         DECIMAL(18,4) [projects or CNY, by metric] 0..  least value claimed
--     zh: 最低主张值
--   high                        DECIMAL(18,4) [projects or CNY, by metric] 0..  greatest value claimed
--     zh: 最高主张值
--   cumulative                  DECIMAL(18,4) [projects or CNY, by metric] 0..  sum from the first round of the series; NULL once a round is missing
--     zh: 自序列首期起的累计；一旦缺期即为空
--   change                      DECIMAL(18,4) [projects or CNY, by metric]  value less that of the round before; NULL when either is missing
--     zh: 较上一期的增减；任一缺失为空
--   change_ratio                DOUBLE [ratio] -1..  change / the value of the round before
--     zh: 增减除以上一期的值
--   investment_per_project_cny  DECIMAL(18,2) [CNY per project] 0..  yuan of investment per project of the same round and stage
--     zh: 同期同阶段平均每个项目的投资额（元）
--   claim_id                    VARCHAR  claim whose value is held; NULL when derived or missing
--     zh: 采信的主张；推算或缺失为空
--   claim_ids                   VARCHAR[]!  claims that the value rests on, or that quarrel over it
--     zh: 数值所依据的、或彼此冲突的主张编号
--   sources                     VARCHAR[]!  ids of the sources of those claims
--     zh: 这些主张的来源编号
with

comparable as (
    select *
    from facts
    inner join series_universes using (campaign, area_id, stage, metric, universe)
    where facts.period = 'round'
),

set_aside as (
    select
        facts.campaign, facts.round, facts.area_id, facts.stage, facts.metric,
        list(facts.universe order by facts.universe) as other_universes,
    from facts
    inner join series_universes using (campaign, area_id, stage, metric)
    where facts.period = 'round' and facts.universe <> series_universes.universe
    group by all
),

fact_claims as (
    select
        comparable.campaign, comparable.round, comparable.area_id,
        comparable.stage, comparable.metric,
        list(claims.claim_id order by claims.claim_id) as claim_ids,
        list(distinct claims.source_id order by claims.source_id) as sources,
    from comparable
    inner join figure_claims
        on
            comparable.campaign = figure_claims.campaign
            and comparable.claim_id = figure_claims.held_claim_id
    inner join claims
        on
            figure_claims.campaign = claims.campaign
            and figure_claims.claim_id = claims.claim_id
    group by all
),

-- The one round that a span leaves over. Two spans may leave the same one: the
-- shorter rests on less.
one_left as (
    select *, rounds_missing[1] as round
    from span_residuals
    inner join series_universes using (campaign, area_id, stage, metric, universe)
    where len(rounds_missing) = 1 and status = 'derived'
    qualify row_number() over (
        partition by campaign, rounds_missing[1], area_id, stage, metric
        order by len(claim_ids), period_id
    ) = 1
),

left_over as (
    select
        one_left.campaign, one_left.round, one_left.area_id, one_left.stage,
        one_left.metric, one_left.universe, one_left.residual,
        one_left.doubt, one_left.has_approximate, one_left.claim_ids,
        list(distinct claims.source_id order by claims.source_id) as sources,
    from one_left
    inner join claims
        on
            one_left.campaign = claims.campaign
            and list_contains(one_left.claim_ids, claims.claim_id)
    group by all
),

filled as (
    select
        round_spine.*,
        coalesce(comparable.universe, left_over.universe) as universe,
        coalesce(set_aside.other_universes, []) as other_universes,
        coalesce(comparable.value, left_over.residual) as value,
        case
            when comparable.agreement = 'conflict' then 'conflict'
            when comparable.value is not null then 'published'
            when left_over.residual is not null then 'derived'
            else 'missing'
        end as status,
        coalesce(comparable.approximate, left_over.has_approximate) as approximate,
        if(comparable.value is null, left_over.doubt, comparable.doubt) as doubt,
        comparable.low,
        comparable.high,
        comparable.claim_id,
        coalesce(fact_claims.claim_ids, left_over.claim_ids, []) as claim_ids,
        coalesce(fact_claims.sources, left_over.sources, []) as sources,
    from round_spine
    left join comparable using (campaign, round, area_id, stage, metric)
    left join fact_claims using (campaign, round, area_id, stage, metric)
    left join set_aside using (campaign, round, area_id, stage, metric)
    left join left_over using (campaign, round, area_id, stage, metric)
),

chained as (
    select
        filled.*,
        lag(filled.value) over series as value_before,
        sum(filled.value) over series_so_far as sum_so_far,
        bool_and(filled.value is not null) over series_so_far as is_unbroken,
        max(if(filled.metric = 'projects', filled.value, null)) over same_figures as projects,
        max(if(filled.metric = 'investment', filled.value, null)) over same_figures
            as investment,
    from filled
    window
        series as (
            partition by campaign, area_id, stage, metric order by series_position
        ),
        series_so_far as (
            partition by campaign, area_id, stage, metric order by series_position
            rows between unbounded preceding and current row
        ),
        same_figures as (partition by campaign, area_id, stage, round, universe)
)

select
    chained.campaign,
    chained.series_position,
    chained.round,
    chained.held_on,
    chained.area_id,
    areas.name as area,
    areas.name_en as area_en,
    areas.level,
    areas.verified,
    chained.stage,
    chained.metric,
    chained.universe,
    chained.other_universes,
    chained.value,
    chained.status,
    chained.approximate,
    chained.doubt,
    chained.low,
    chained.high,
    if(chained.is_unbroken, chained.sum_so_far, null)::decimal(18, 4) as cumulative,
    (chained.value - chained.value_before)::decimal(18, 4) as change,
    (chained.value - chained.value_before)::double / nullif(chained.value_before, 0)
        as change_ratio,
    (chained.investment::double / nullif(chained.projects, 0))::decimal(18, 2)
        as investment_per_project_cny,
    chained.claim_id,
    chained.claim_ids,
    chained.sources,
from chained
inner join areas
    on chained.campaign = areas.campaign and chained.area_id = areas.area_id
order by
    chained.campaign, chained.area_id, chained.metric, chained.stage,
    chained.series_position
