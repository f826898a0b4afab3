-- reconciliation: every published total beside the sum of its parts, with the
-- difference; also totals without parts and parts without a total.
--
-- kind stages: a total of stages against signed, started and commissioned.
-- kind areas: a province against its cities, a city against its zones; a sum that
-- falls short is partial, never a difference, since other areas may hold the rest.
-- kind rounds: a year or span against the rounds in it; doubted totals are left out.
--
-- zh: 每个公布的合计与其各部分之和对照，列出差额；也列出没有部分的合计和没有合计的
-- 部分。
--
-- stages：阶段合计对签约、开工、投产之和。areas：省对各市、市对各开发区；和数不足只
-- 算 partial（不全），不算差异，因为其余可能在别的地区。rounds：年度或跨期对其中各
-- 期；存疑的合计不列。
--
-- grain:    campaign, kind, area_id, universe, period, period_id, stage, metric
-- refs:     campaign, area_id -> areas.campaign, area_id
--
-- columns:
--   campaign        VARCHAR!  campaign
--     zh: 活动
--   kind            VARCHAR! {stages, areas, rounds}  stages, areas or rounds
--     zh: 对照种类：阶段、地区、期次
--   area_id         VARCHAR!  area of the total
--     zh: 合计所属地区编号
--   area            VARCHAR!  name of the area
--     zh: 地区名称
--   universe        VARCHAR!  which projects the figures count
--     zh: 统计口径
--   period          VARCHAR! {round, annual, cumulative, other}  period of the total
--     zh: 合计的期间类别
--   period_id       VARCHAR!  key of the period
--     zh: 期间编号
--   stage           VARCHAR! {signed, started, commissioned, on_target, total}  stage of the total: total when kind is stages
--     zh: 合计的阶段；对照种类为 stages 时为 total
--   metric          VARCHAR! {projects, investment, annual_output}  projects, investment or annual_output
--     zh: 指标：项目数、投资额、预计年产值
--   total           DECIMAL(18,4) [projects or CNY, by metric] 0..  published total; NULL when none is
--     zh: 公布的合计（个或元，依指标）；无则为空
--   parts_sum       DECIMAL(18,4) [projects or CNY, by metric] 0..  sum of the parts; NULL when none is known
--     zh: 各部分之和；均未知为空
--   difference      DECIMAL(18,4) [projects or CNY, by metric]  total - parts_sum
--     zh: 合计减各部分之和
--   parts_known     BIGINT! [parts] 0..  parts with a figure
--     zh: 有数字的部分数
--   parts_expected  BIGINT [parts] 0..  parts in the registry, or rounds of the span; NULL for stages, where fits tells
--     zh: 名录中的部分数或跨期所含期数；阶段对照为空，由 fits 说明
--   status          VARCHAR! {exact, differs, partial, exceeds, no_parts, no_total}  exact, differs, partial (parts are missing), exceeds (the parts pass the total), no_parts or no_total
--     zh: 结果：exact 相符，differs 不符，partial 部分不全，exceeds 部分超过合计，no_parts 无部分，no_total 无合计
--   fits            VARCHAR  of stages: those whose sum equals the total, or neither
--     zh: 阶段对照：其和等于合计的那些阶段，或 neither（都不符）
--   stated          VARCHAR  of stages: those that the page says the total adds
--     zh: 阶段对照：原文说明合计所含的阶段
--   has_conflict    BOOLEAN!  sources disagree on the total or on a part
--     zh: 各来源对合计或某部分是否不一致
--   has_doubt       BOOLEAN!  a claim held for the total or a part is doubted, see claims.doubt
--     zh: 合计或某部分所采信的主张是否存疑，见 claims.doubt
--   claim_ids       VARCHAR[]!  claims behind total and parts
--     zh: 合计与各部分所依据的主张编号
with

compared as (
    select
        campaign, 'stages' as kind, area_id, universe, period, period_id,
        'total' as stage, metric, total, parts_sum, parts_known,
        null::bigint as parts_expected, fits, stated, has_conflict, has_doubt, claim_ids,
        fits is not null or (stated = 'signed+started' and parts_known >= 2) as is_complete,
    from stage_totals
    union all
    select
        campaign, 'areas' as kind, area_id, universe, 'round' as period,
        round as period_id, stage, metric, total, parts_sum, parts_known,
        parts_expected, null as fits, null as stated, has_conflict, has_doubt, claim_ids,
        -- Zones may report beside the cities, and the registry may not be whole:
        -- what the parts fall short of the total is no contradiction.
        false as is_complete,
    from area_totals
    union all
    select
        campaign, 'rounds' as kind, area_id, universe, period, period_id, stage, metric,
        total, known_sum as parts_sum, len(rounds_known) as parts_known,
        len(rounds_known) + len(rounds_missing) as parts_expected,
        null as fits, null as stated, has_conflict, doubt is not null as has_doubt,
        list_concat([claim_id], known_claim_ids) as claim_ids,
        len(rounds_missing) = 0 as is_complete,
    from span_parts
)

select
    compared.campaign,
    compared.kind,
    compared.area_id,
    areas.name as area,
    compared.universe,
    compared.period,
    compared.period_id,
    compared.stage,
    compared.metric,
    compared.total,
    compared.parts_sum,
    (compared.total - compared.parts_sum)::decimal(18, 4) as difference,
    compared.parts_known,
    compared.parts_expected,
    case
        when compared.total is null then 'no_total'
        when compared.parts_sum is null then 'no_parts'
        when compared.total = compared.parts_sum then 'exact'
        when compared.parts_sum > compared.total then 'exceeds'
        when compared.is_complete then 'differs'
        else 'partial'
    end as status,
    compared.fits,
    compared.stated,
    compared.has_conflict,
    compared.has_doubt,
    compared.claim_ids,
from compared
inner join areas
    on compared.campaign = areas.campaign and compared.area_id = areas.area_id
order by
    compared.campaign, compared.kind, compared.area_id, compared.period_id,
    compared.universe, compared.stage, compared.metric
