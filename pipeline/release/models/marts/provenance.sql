-- provenance: each published value beside every claim it rests on, and the address
-- of the page that each claim stands on.
--
-- A fact rests on all claims of its figure: the one whose value is held, those that
-- agree, and those that do not. A derived value (trend_series, span_residuals) rests
-- on the claims that it was computed from. Every other mart is computed from facts
-- or from the rows of ledgers, which bear their source_id themselves; the models
-- under sql/ say how.
--
-- zh: 每个公布数值与其所依据的每一条数字并列，附各条所在网页的地址。
--
-- 一个 facts 数值依据该数字的全部公布：被采用的、与之一致的和与之冲突的。推算值
-- （trend_series、span_residuals）依据用于计算的各条。其余数据集由 facts 或台账行计算，
-- 台账行自带 source_id；算法见 sql/ 下的模型。
--
-- grain:    relation, campaign, period_id, area_id, universe?, stage, metric, method?, claim_id
-- refs:     campaign, claim_id -> claims.campaign, claim_id
-- refs:     campaign, source_id -> sources.campaign, source_id
-- refs:     campaign, area_id -> areas.campaign, area_id
--
-- columns:
--   relation      VARCHAR! {facts, trend_series, span_residuals}  where the value stands: facts, trend_series or span_residuals
--     zh: 数值所在：facts、trend_series 或 span_residuals
--   campaign      VARCHAR!  campaign
--     zh: 活动
--   period_id     VARCHAR!  key of the period; in trend_series the round
--     zh: 期间键；trend_series 中为期次
--   area_id       VARCHAR!  area
--     zh: 地区编号
--   universe      VARCHAR  which projects the figure counts; NULL when the value is missing for the series
--     zh: 统计口径；序列缺失时为空
--   stage         VARCHAR!  stage
--     zh: 阶段
--   metric        VARCHAR!  what is counted or measured
--     zh: 指标
--   method        VARCHAR  what a published rate divides
--     zh: 公布比率所用的分母
--   value         DECIMAL(18,4) [projects, CNY or ratio, by metric]  the value held; of span_residuals the residual; NULL when claims quarrel and none is held
--     zh: 采用的数值；span_residuals 为余数；来源冲突而未采用时为空
--   claim_id      VARCHAR!  a claim that it rests on
--     zh: 所依据的一条公布数字
--   held          BOOLEAN!  whether the value is that of this claim
--     zh: 采用的是否就是这条数字的值
--   claimed       DECIMAL(18,4) [projects, CNY or ratio, by metric]  the claim's own value, in projects, yuan or as a ratio
--     zh: 该条数字本身的值（个、元或比率）
--   as_published  VARCHAR!  the value as printed
--     zh: 原文数值
--   unit          VARCHAR  the unit as printed
--     zh: 原文单位
--   approximate   BOOLEAN!  printed as about, over or nearly
--     zh: 原文为约数
--   doubt         VARCHAR  why the claim ranks low; NULL when nothing speaks against it
--     zh: 该条数字存疑的原因；无疑点为空
--   source_id     VARCHAR!  the page or ledger that the claim stands in
--     zh: 出处编号
--   publisher     VARCHAR  who published the page
--     zh: 发布者
--   trust         INTEGER 1..5  trust in the source, 1 best to 5
--     zh: 来源可信度，1 最高，5 最低
--   published_on  DATE     day of publication; NULL when not known
--     zh: 发布日期；未知为空
--   url           VARCHAR  address of the page
--     zh: 网址
--   locator       VARCHAR  where on the page
--     zh: 在页面中的位置
with

of_facts as (
    select
        'facts' as relation, f.campaign, f.period_id, f.area_id, f.universe, f.stage, f.metric, f.method,
        f.value, c.claim_id, c.claim_id = f.claim_id as held,
    from facts as f
    inner join claims as c
        on f.campaign = c.campaign and f.period = c.period and f.period_id = c.period_id
        and f.area_id = c.area_id and f.universe = c.universe and f.stage = c.stage and f.metric = c.metric
        and f.method is not distinct from c.method
    inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
    cross join params
    where params.as_of is null or s.published_on <= params.as_of
),

of_series as (
    select
        'trend_series' as relation, campaign, round as period_id, area_id, universe, stage, metric, null as method,
        value, unnest(claim_ids) as claim_id, claim_id as held_claim_id,
    from trend_series
),

of_residuals as (
    select distinct
        'span_residuals' as relation, campaign, period_id, area_id, universe, stage, metric, null as method,
        residual as value, unnest(claim_ids) as claim_id,
    from span_residuals
),

rested as (
    from of_facts
    union all
    select * exclude (claim_id, held_claim_id), claim_id, coalesce(claim_id = held_claim_id, false) as held
    from (select distinct * from of_series)
    union all
    select *, false as held from of_residuals
)

select
    r.relation, r.campaign, r.period_id, r.area_id, r.universe, r.stage, r.metric, r.method,
    r.value::decimal(18, 4) as value, r.claim_id, r.held, c.value as claimed, c.value_as_published as as_published,
    c.unit, c.approximate, c.doubt, c.source_id, s.publisher, s.trust, s.published_on, s.url, c.locator,
from rested as r
inner join claims as c on r.campaign = c.campaign and r.claim_id = c.claim_id
inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
order by all
