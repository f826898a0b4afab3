-- facts: the value held true for each figure, after its claims were weighed.
--
-- The value is that of the best claim (figure_claims says which). Nothing is
-- averaged. Claims that differ stay visible in low, high and source_conflicts.
--
-- zh: 权衡各主张之后，对每个数字采信的值。
--
-- 采信最佳主张的值（由 core/figure_claims 判定），绝不取平均。不同的主张仍可见于
-- low、high 和 source_conflicts。
--
-- grain:    campaign, period, period_id, area_id, universe, stage, metric, method?
-- refs:     campaign, claim_id -> claims.campaign, claim_id
-- refs:     campaign, area_id -> areas.campaign, area_id
-- refs:     campaign, round -> rounds.campaign, round
--
-- columns:
--   campaign     VARCHAR!  campaign
--     zh: 活动
--   period       VARCHAR! {round, annual, cumulative, other}  round, annual, cumulative or other
--     zh: 期间类别：期次、年度、累计、其他
--   period_id    VARCHAR!  key of the period: round id, year, or first..last day
--     zh: 期间编号：期次编号、年份或 首日..末日
--   period_from  DATE  first day covered; NULL when not known
--     zh: 起始日期；未知为空
--   period_to    DATE  last day covered; NULL when not known
--     zh: 截止日期；未知为空
--   round        VARCHAR  round id; NULL for years and spans
--     zh: 期次编号；年度与跨期为空
--   area_id      VARCHAR!  area
--     zh: 地区编号
--   universe     VARCHAR!  which projects the figure counts; as_published when the page does not narrow or widen it
--     zh: 统计口径，见 universes；原文未限定为 as_published
--   stage        VARCHAR! {reserved, signed, started, commissioned, on_target, total}  reserved, signed, started, commissioned, on_target or total
--     zh: 阶段：谋划储备、签约、开工、投产、达效或合计
--   metric       VARCHAR! {projects, investment, annual_output, actual_output, representative_projects, contracted_inflow, effective_investment, share_projects, share_investment, share_annual_output, start_rate, commission_rate, target_rate}  what is counted or measured
--     zh: 指标
--   method       VARCHAR  what a published rate divides; NULL for what is no rate
--     zh: 公布比率的算法；不是比率为空
--   value        DECIMAL(18,4)! [projects, CNY or ratio, by metric] 0..  value held true: that of the best claim
--     zh: 采信值（个、元或比率，依指标）
--   approximate  BOOLEAN!  the claim held is printed as about, over or nearly
--     zh: 采信的主张是否为约数
--   claim_id     VARCHAR!  claim whose value is held
--     zh: 采信的主张
--   claims       BIGINT! [claims] 1..  claims of this figure
--     zh: 该数字的主张数
--   voices       BIGINT! [articles] 1..  independent articles that give this figure; copies are one voice
--     zh: 给出该数字的独立文章数；转载为同一声音
--   agreement    VARCHAR! {single, agree, conflict}  single voice, voices agree, or claims conflict
--     zh: 一致性：single 单一，agree 一致，conflict 冲突
--   doubt        VARCHAR  why the claim held ranks low; NULL when nothing speaks against it
--     zh: 采信的主张排序靠后的原因；无疑点为空
--   low          DECIMAL(18,4)! [projects, CNY or ratio, by metric] 0..  least value claimed
--     zh: 最低主张值
--   high         DECIMAL(18,4)! [projects, CNY or ratio, by metric] 0..  greatest value claimed
--     zh: 最高主张值
with

weighed as (
    select
        figure_claims.campaign,
        figure_claims.held_claim_id as claim_id,
        count(*) as claims,
        -- Copies of one article are one voice.
        count(distinct claimed.article_id) as voices,
        min(claimed.value) as low,
        max(claimed.value) as high,
        -- "Over 700" and 720 do not quarrel; two exact figures do.
        bool_or(
            abs(claimed.value - held.value)
            > if(claimed.approximate or held.approximate, 0.05, 0) * held.value
        ) as is_conflict,
    from figure_claims
    inner join known_claims as claimed using (campaign, claim_id)
    inner join known_claims as held
        on
            figure_claims.campaign = held.campaign
            and figure_claims.held_claim_id = held.claim_id
    group by all
)

select
    held.campaign,
    held.period,
    held.period_id,
    held.period_from,
    held.period_to,
    held.round,
    held.area_id,
    held.universe,
    held.stage,
    held.metric,
    held.method,
    held.value,
    held.approximate,
    held.claim_id,
    weighed.claims,
    weighed.voices,
    case
        when weighed.is_conflict then 'conflict'
        when weighed.voices = 1 then 'single'
        else 'agree'
    end as agreement,
    claims.doubt,
    weighed.low,
    weighed.high,
from weighed
inner join known_claims as held using (campaign, claim_id)
inner join claims on held.campaign = claims.campaign and held.claim_id = claims.claim_id
order by
    held.campaign, held.area_id, held.period, held.period_id, held.universe,
    held.stage, held.metric, held.method
