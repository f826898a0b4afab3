-- stalled_projects: the projects that have waited too long: signed and not started
-- (签约未开工), started and not commissioned (开工未投产), commissioned and below the
-- output expected of them (投产未达效), in the order in which a meeting would take them.
--
-- Too long is longer than the limit that the office has set for the zone's type in the
-- rules, else for all types; else than the median of the zone's type in stage_duration,
-- which half of its projects were faster than; else, where the type is not known or has
-- no median yet, than that of the campaign. Where there is no limit at all nothing is
-- stalled. A project whose day of the stage before is not known cannot be said to be
-- late: stage_duration counts it as undated.
--
-- At stake is the total investment, or after commissioning the annual output that is
-- still lacking. A meeting takes first what weighs most: at stake times the days over
-- the limit. Projects of which it is not known come after all others, the longest
-- waiting first, since unknown is not little.
--
-- zh: 等待过久的项目：签约未开工、开工未投产、投产未达效，按会议应当讨论的次序排列。
--
-- “过久”指超过规则中为该类开发区、否则为各类设定的期限；无设定则超过 stage_duration
-- 中该类的中位数（半数项目比它快）；类型未知或尚无中位数则用全活动的中位数。完全没
-- 有期限时不判为停滞。前一阶段日期未知的项目无从判定，由 stage_duration 计入
-- undated。
--
-- 所涉金额为总投资，投产之后为尚缺的年产值。会议先看分量最重者：所涉金额乘以超期天
-- 数。金额未知者排在最后，等得最久的在先，因为未知不等于小。
--
-- grain:    campaign, synthetic, project_id
-- refs:     campaign, source_id -> sources.campaign, source_id
--
-- columns:
--   campaign             VARCHAR!  campaign
--     zh: 活动
--   synthetic            BOOLEAN!  generated rows
--     zh: 是否合成数据
--   transition           VARCHAR! {signed_to_started, started_to_commissioned, commissioned_to_on_target}  what the project waits for: signed_to_started, started_to_commissioned or commissioned_to_on_target
--     zh: 项目所等待的转换：签约到开工、开工到投产、投产到达效
--   position             INTEGER! 1..  place in the order of the meeting, within the transition, from 1
--     zh: 会议讨论的次序，在同一转换之内，从 1 起
--   project_id           VARCHAR!  project
--     zh: 项目编号
--   name                 VARCHAR!  its name
--     zh: 项目名称
--   zone_id              VARCHAR  zone, part or cluster that hosts it; NULL when not known
--     zh: 所在开发区、片区或集聚区；未知为空
--   zone_name            VARCHAR  its name
--     zh: 其名称
--   city_id              VARCHAR  city; NULL when not known
--     zh: 所在市；未知为空
--   city_name            VARCHAR  its name
--     zh: 其名称
--   zone_type            VARCHAR {industrial, agriculture, tourism}  type of the zone; NULL when not known
--     zh: 开发区类型；未知为空
--   industry             VARCHAR  industry in the words of the ledger
--     zh: 台账所写行业
--   investor             VARCHAR  investor
--     zh: 投资方
--   investment_cny       DECIMAL(18,2) [CNY] 0..  total investment; NULL when not known
--     zh: 总投资（元）；未知为空
--   approximate          BOOLEAN!  an amount is printed as about, over or nearly
--     zh: 金额是否为约数
--   expected_output_cny  DECIMAL(18,2) [CNY per year] 0..  annual output expected; NULL when not known
--     zh: 预计年产值（元）；未知为空
--   actual_output_cny    DECIMAL(18,2) [CNY per year] 0..  annual output achieved; NULL when not known
--     zh: 实际年产值（元）；未知为空
--   at_stake_cny         DECIMAL(18,2) [CNY; CNY per year after commissioning]  investment that waits; after commissioning the annual output that is lacking
--     zh: 所涉金额（元）：等待中的投资；投产之后为尚缺的年产值
--   since                DATE!  day of the stage before: the middle of a month or quarter where no day is known
--     zh: 前一阶段的日期；只知月或季度时取其中点
--   observed_on          DATE!  day up to which it is known to wait
--     zh: 已知仍在等待的截至日期
--   waiting_days         INTEGER! [days] 0..  observed_on less since
--     zh: observed_on 减 since 的天数
--   limit_days           INTEGER! [days] 0..  days that it might have taken
--     zh: 期限天数
--   limit_basis          VARCHAR! {user, zone_type_median, campaign_median}  user: set by the office; zone_type_median; campaign_median
--     zh: 期限依据：user 部门设定；zone_type_median 该类中位数；campaign_median 全活动中位数
--   over_days            INTEGER! [days] 1..  waiting_days less limit_days, from 1
--     zh: 超期天数，waiting_days 减 limit_days，从 1 起
--   over_ratio           DOUBLE [ratio] 0..  waiting_days / limit_days; NULL for a limit of 0
--     zh: waiting_days 除以 limit_days；期限为 0 时为空
--   obstacle             VARCHAR  what holds it up, in the words of the ledger
--     zh: 台账所写存在问题
--   source_id            VARCHAR!  ledger that tells of it last
--     zh: 最近说到它的台账
--   sheet                VARCHAR  its sheet; NULL for a text file
--     zh: 台账工作表；文本文件为空
--   line                 INTEGER! 1..  line of the row in its file
--     zh: 行号
with

waiting as (
    select
        row_states.*,
        zone_types.zone_type,
        case
            when row_states.is_commissioned then 'commissioned_to_on_target'
            when row_states.is_started then 'started_to_commissioned'
            else 'signed_to_started'
        end as transition,
        case
            when row_states.is_commissioned
                then commissioned_on + ((commissioned_by - commissioned_on) // 2)::integer
            when row_states.is_started then started_on + ((started_by - started_on) // 2)::integer
            else signed_on + ((signed_by - signed_on) // 2)::integer
        end as since,
        row_states.observed_on - since as waiting_days,
    from row_states
    left join last_editions using (campaign, synthetic, project_id)
    left join zone_types using (campaign, zone_id)
    where
        (last_editions.edition is null or last_editions.edition = row_states.edition)
        and (row_states.is_signed or row_states.is_started)
        and not row_states.is_on_target
        and not coalesce(
            row_states.is_commissioned
            and row_states.actual_output_cny >= row_states.expected_output_cny,
            false
        )
),

medians as (
    select campaign, synthetic, transition, level, key, median_days,
    from stage_duration
    where level in ('zone_type', 'all') and median_days is not null
),

limited as (
    select
        waiting.*,
        coalesce(
            typed_limits.limit_days, all_limits.limit_days,
            typed_medians.median_days, all_medians.median_days
        ) as limit_days,
        case
            when coalesce(typed_limits.limit_days, all_limits.limit_days) is not null then 'user'
            when typed_medians.median_days is not null then 'zone_type_median'
            else 'campaign_median'
        end as limit_basis,
    from waiting
    left join limits as typed_limits
        on
            waiting.campaign = typed_limits.campaign
            and waiting.transition = typed_limits.transition
            and waiting.zone_type = typed_limits.zone_type
    left join (from limits where zone_type is null) as all_limits
        on
            waiting.campaign = all_limits.campaign
            and waiting.transition = all_limits.transition
    left join (from medians where level = 'zone_type') as typed_medians
        on
            waiting.campaign = typed_medians.campaign
            and waiting.synthetic = typed_medians.synthetic
            and waiting.transition = typed_medians.transition
            and waiting.zone_type = typed_medians.key
    left join (from medians where level = 'all') as all_medians
        on
            waiting.campaign = all_medians.campaign
            and waiting.synthetic = all_medians.synthetic
            and waiting.transition = all_medians.transition
),

stalled as (
    select
        *,
        waiting_days - limit_days as over_days,
        if(
            is_commissioned, expected_output_cny - actual_output_cny, investment_cny
        ) as at_stake_cny,
    from limited
    where waiting_days > limit_days
)

select
    stalled.campaign,
    stalled.synthetic,
    stalled.transition,
    row_number() over (
        partition by stalled.campaign, stalled.synthetic, stalled.transition
        order by
            stalled.at_stake_cny::double * stalled.over_days desc nulls last,
            stalled.over_days desc, stalled.project_id
    )::integer as position,
    stalled.project_id,
    stalled.name,
    stalled.zone_id,
    zones.name as zone_name,
    stalled.city_id,
    cities.name as city_name,
    stalled.zone_type,
    stalled.industry,
    stalled.investor,
    stalled.investment_cny,
    stalled.approximate,
    stalled.expected_output_cny,
    stalled.actual_output_cny,
    stalled.at_stake_cny::decimal(18, 2) as at_stake_cny,
    stalled.since,
    stalled.observed_on,
    stalled.waiting_days::integer as waiting_days,
    stalled.limit_days,
    stalled.limit_basis,
    stalled.over_days::integer as over_days,
    stalled.waiting_days / nullif(stalled.limit_days, 0) as over_ratio,
    stalled.obstacle,
    stalled.source_id,
    stalled.sheet,
    stalled.line,
from stalled
left join areas as zones
    on stalled.campaign = zones.campaign and stalled.zone_id = zones.area_id
left join areas as cities
    on stalled.campaign = cities.campaign and stalled.city_id = cities.area_id
order by stalled.campaign, stalled.synthetic, stalled.transition, position
