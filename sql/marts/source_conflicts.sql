-- source_conflicts: where sources disagree, each side with its source. Kind
-- value: claims of one figure differ. Kind definition: figures differ by what
-- they count. Kind round_label: papers number a round differently.
--
-- zh: 各来源不一致之处，每一方连同出处各列一行。value：同一数字的主张不同；
-- definition：因统计口径不同而不同；round_label：各家对期次的编号不同。
--
-- grain:    campaign, kind, period_id, claim_id?, label?, counting?, source_id?
-- refs:     campaign, claim_id -> claims.campaign, claim_id
-- refs:     campaign, source_id -> sources.campaign, source_id
--
-- columns:
--   campaign      VARCHAR!  campaign
--     zh: 活动
--   kind          VARCHAR! {value, definition, round_label}  value, definition or round_label
--     zh: 种类：数值、口径、期次名称
--   period        VARCHAR! {round, annual, cumulative, other}  period of the figure; round for labels
--     zh: 该数字的期间类别；期次名称为 round
--   period_id     VARCHAR!  key of the period
--     zh: 期间编号
--   area_id       VARCHAR  area; of a label, the area that held the round
--     zh: 地区编号；期次名称为举办地区
--   area          VARCHAR  name of the area
--     zh: 地区名称
--   universe      VARCHAR  which projects the figure counts; NULL for labels
--     zh: 统计口径；期次名称为空
--   stage         VARCHAR {reserved, signed, started, commissioned, on_target, total}  stage; NULL for labels
--     zh: 阶段；期次名称为空
--   metric        VARCHAR  metric; NULL for labels
--     zh: 指标；期次名称为空
--   value         DECIMAL(18,4) [projects, CNY or ratio, by metric] 0..  what the claim says
--     zh: 该主张的值（个、元或比率，依指标）
--   label         VARCHAR  what the label says
--     zh: 期次名称所言
--   ordinal       INTEGER 0..  number that the label gives the round
--     zh: 该名称给该期的序号
--   counting      VARCHAR {by_date, by_title, implied}  of a label: by_date, by_title or implied
--     zh: 期次名称的计数方式：按日期、按标题、推得
--   is_held       BOOLEAN  whether this side is held true; NULL for labels
--     zh: 是否为采信的一方；期次名称为空
--   claim_id      VARCHAR  claim; NULL for labels
--     zh: 主张编号；期次名称为空
--   source_id     VARCHAR  source; NULL for a label that no page prints
--     zh: 来源编号；推得的名称没有来源
--   publisher     VARCHAR  publisher of the source
--     zh: 来源的发布者
--   url           VARCHAR  address; NULL when not known
--     zh: 网址；未知为空
--   published_on  DATE  day of publication; NULL when not known
--     zh: 发布日期；未知为空
--   doubt         VARCHAR  why the claim is ranked low; NULL when nothing speaks against it
--     zh: 该主张排序靠后的原因；无疑点为空
--   note          VARCHAR  remark
--     zh: 备注
with

sides as (
    select
        claims.campaign, claim_disputes.kind, claims.period, claims.period_id,
        claims.area_id, claims.universe, claims.stage, claims.metric, claims.value,
        null as label, null::integer as ordinal, null as counting,
        claim_disputes.is_held, claims.claim_id, claims.source_id, claims.doubt,
        claims.note,
    from claim_disputes
    inner join claims using (campaign, claim_id)
    union all
    select
        label_disputes.campaign, 'round_label' as kind, 'round' as period,
        label_disputes.round as period_id, rounds.area_id, null as universe,
        null as stage, null as metric, null as value, label_disputes.label,
        label_disputes.ordinal, label_disputes.counting, null as is_held,
        null as claim_id, label_disputes.source_id, null as doubt, label_disputes.note,
    from label_disputes
    inner join rounds using (campaign, round)
)

select
    sides.campaign,
    sides.kind,
    sides.period,
    sides.period_id,
    sides.area_id,
    areas.name as area,
    sides.universe,
    sides.stage,
    sides.metric,
    sides.value,
    sides.label,
    sides.ordinal,
    sides.counting,
    sides.is_held,
    sides.claim_id,
    sides.source_id,
    sources.publisher,
    sources.url,
    sources.published_on,
    sides.doubt,
    sides.note,
from sides
left join areas on sides.campaign = areas.campaign and sides.area_id = areas.area_id
left join sources
    on sides.campaign = sources.campaign and sides.source_id = sources.source_id
order by
    sides.campaign, sides.kind, sides.period_id, sides.area_id, sides.stage,
    sides.metric, sides.is_held desc, sides.universe, sides.claim_id, sides.ordinal,
    sides.counting, sides.label, sides.source_id
