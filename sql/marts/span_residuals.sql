-- span_residuals: what is left of a year's or span's published figure when the
-- rounds known in it are taken away: the sum of the rounds that are missing. It
-- belongs to those rounds together and is never a figure of one of them, unless
-- just one is missing.
--
-- zh: 年度或跨期的公布数减去其中已知各期之后的余数，即缺失各期之和。余数属于这些期
-- 次的合计，除非只缺一期，绝不是其中某一期的数字。
--
-- grain:    campaign, period, period_id, area_id, universe, stage, metric
-- refs:     campaign, area_id -> areas.campaign, area_id
--
-- columns:
--   campaign         VARCHAR!  campaign
--     zh: 活动
--   period           VARCHAR! {annual, cumulative}  annual or cumulative
--     zh: 期间类别：年度或累计
--   period_id        VARCHAR!  key of the period
--     zh: 期间编号
--   area_id          VARCHAR!  area
--     zh: 地区编号
--   universe         VARCHAR!  which projects the figures count
--     zh: 统计口径
--   stage            VARCHAR! {signed, started, commissioned}  signed, started or commissioned
--     zh: 阶段：签约、开工、投产
--   metric           VARCHAR! {projects, investment}  projects or investment
--     zh: 指标：项目数或投资额
--   total            DECIMAL(18,4)! [projects or CNY, by metric] 0..  figure published for the span
--     zh: 该期间的公布数（个或元，依指标）
--   known_sum        DECIMAL(18,4)! [projects or CNY, by metric] 0..  sum over the rounds known
--     zh: 已知各期之和
--   residual         DECIMAL(18,4)! [projects or CNY, by metric]  total - known_sum, derived
--     zh: total 减 known_sum，推算所得
--   rounds_known     VARCHAR[]!  rounds whose figures were taken away
--     zh: 已减去的期次编号
--   rounds_missing   VARCHAR[]!  rounds that the residual is the sum of
--     zh: 余数所合计的期次编号
--   status           VARCHAR! {derived, derived_from_conflict}  derived, or derived_from_conflict when sources disagree on the total or on a round taken away
--     zh: 状态：derived 推算；derived_from_conflict 合计或所减某期的来源不一致
--   has_conflict     BOOLEAN!  sources disagree on the total or on a round taken away
--     zh: 各来源对合计或所减某期是否不一致
--   has_doubt        BOOLEAN!  a round taken away is doubted
--     zh: 所减某期是否存疑
--   doubt            VARCHAR  why, parted by ;; NULL when nothing speaks against them
--     zh: 存疑原因，以 ; 分隔；无疑点为空
--   has_approximate  BOOLEAN!  the total or a round taken away is printed as about, over or nearly
--     zh: 合计或所减某期是否为约数
--   claim_ids        VARCHAR[]!  claims that the residual rests on, the total's first
--     zh: 余数所依据的主张编号，合计在前
select
    span_parts.campaign,
    span_parts.period,
    span_parts.period_id,
    span_parts.area_id,
    span_parts.universe,
    span_parts.stage,
    span_parts.metric,
    span_parts.total,
    span_parts.known_sum,
    (span_parts.total - span_parts.known_sum)::decimal(18, 4) as residual,
    span_parts.rounds_known,
    span_parts.rounds_missing,
    if(span_parts.has_conflict, 'derived_from_conflict', 'derived') as status,
    span_parts.has_conflict,
    span_parts.doubt is not null as has_doubt,
    span_parts.doubt,
    span_parts.has_approximate,
    list_concat([span_parts.claim_id], span_parts.known_claim_ids) as claim_ids,
from span_parts
where len(span_parts.rounds_known) > 0 and len(span_parts.rounds_missing) > 0
order by
    span_parts.campaign, span_parts.area_id, span_parts.period_id,
    span_parts.universe, span_parts.stage, span_parts.metric
