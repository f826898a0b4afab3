-- cohort_funnel: of the projects signed in a round, the share that had started and
-- been commissioned within so many months of their signing.
--
-- A count, not an estimate: the ratio of month m rests on the projects watched for at
-- least m months (observed), and is_complete says that these are all of the cohort. A
-- month that nobody of the cohort has been watched for has no row. Months of which
-- is_complete is false rest on others than the months before: the line may even fall,
-- and is not for reading as a trend. For projects watched unequally long, see
-- stage_duration.
--
-- A project that started on a day not known is in observed and in no month's started:
-- the ratios are lower bounds, and undated_starts says by how much. Days are the
-- middles of what is known of a date. Synthetic and real projects never share a row.
--
-- zh: 各期签约的项目中，签约后若干个月内已开工、已投产的比例。
--
-- 这是计数，不是估计：第 m 个月的比率只依据至少观察了 m 个月的项目（observed），
-- is_complete 说明是否为该批全部项目；整批无人观察满的月份没有行。is_complete 为
-- false 的月份所依据的项目与前面月份不同，曲线甚至可能下降，不可当作趋势。观察时间
-- 长短不一的项目请用 stage_duration。
--
-- 开工日期未知的项目计入 observed 而不计入任何月份的 started，故比率为下限，
-- undated_starts 说明相差多少。日期取已知范围的中点。合成项目与真实项目绝不同行。
--
-- grain:    campaign, synthetic, signed_round, months
--
-- columns:
--   campaign                VARCHAR!  campaign
--     zh: 活动
--   synthetic               BOOLEAN!  counts generated ledger rows
--     zh: 是否由合成台账计得
--   signed_round            VARCHAR!  round of the signing; all for all projects with a day of signing, the round known or not
--     zh: 签约期次；all 为签约日期已知的全部项目，不论期次是否已知
--   months                  INTEGER! [months] 0..60  months since the signing, 0 to 60
--     zh: 自签约起的月数，0 至 60
--   projects                BIGINT! [projects] 0..  projects of the cohort with a day of signing
--     zh: 该批签约日期已知的项目数
--   left_out                BIGINT! [projects] 0..  projects left out: no day of signing, or started or commissioned before it
--     zh: 剔除的项目数：无签约日期，或开工、投产早于签约
--   observed                BIGINT! [projects] 0..  projects of the cohort watched for so many months
--     zh: 该批中至少观察了这么多月的项目数
--   is_complete             BOOLEAN!  all of them are
--     zh: 是否全部项目都观察了这么多月
--   started                 BIGINT! [projects] 0..  of those observed, started within so many months
--     zh: observed 中在这么多月内开工的项目数
--   commissioned            BIGINT! [projects] 0..  of those observed, commissioned within so many months
--     zh: observed 中在这么多月内投产的项目数
--   start_ratio             DOUBLE [ratio] 0..1  started / observed
--     zh: 开工数除以 observed
--   overall_ratio           DOUBLE [ratio] 0..1  commissioned / observed
--     zh: 投产数除以 observed
--   undated_starts          BIGINT! [projects] 0..  of those observed, started on a day not known
--     zh: observed 中已开工而日期未知的项目数
--   undated_commissionings  BIGINT! [projects] 0..  of those observed, commissioned on a day not known
--     zh: observed 中已投产而日期未知的项目数
with

cohorts as (
    select *, signed_round as cohort
    from funnel_cells
    where signed_round is not null
    union all
    select *, 'all' as cohort
    from funnel_cells
),

sizes as (
    select
        campaign, synthetic, cohort,
        coalesce(sum(projects) filter (where outcome = 'counted'), 0)::bigint as projects,
        coalesce(sum(projects) filter (where outcome <> 'counted'), 0)::bigint as left_out,
    from cohorts
    group by all
),

months as (
    select unnest(range(61))::integer as months
),

counted as (
    select
        cohorts.campaign, cohorts.synthetic, cohorts.cohort, months.months,
        sum(cohorts.projects)::bigint as observed,
        coalesce(
            sum(cohorts.projects) filter (where cohorts.started_month <= months.months), 0
        )::bigint as started,
        coalesce(
            sum(cohorts.projects) filter (where cohorts.commissioned_month <= months.months),
            0
        )::bigint as commissioned,
        coalesce(sum(cohorts.projects) filter (where cohorts.has_undated_start), 0)::bigint
            as undated_starts,
        coalesce(
            sum(cohorts.projects) filter (where cohorts.has_undated_commissioning), 0
        )::bigint as undated_commissionings,
    from cohorts
    inner join months on cohorts.watched_months >= months.months
    where cohorts.outcome = 'counted'
    group by all
)

select
    counted.campaign,
    counted.synthetic,
    counted.cohort as signed_round,
    counted.months,
    sizes.projects,
    sizes.left_out,
    counted.observed,
    counted.observed = sizes.projects as is_complete,
    counted.started,
    counted.commissioned,
    counted.started / nullif(counted.observed, 0) as start_ratio,
    counted.commissioned / nullif(counted.observed, 0) as overall_ratio,
    counted.undated_starts,
    counted.undated_commissionings,
from counted
inner join sizes using (campaign, synthetic, cohort)
order by counted.campaign, counted.synthetic, counted.cohort, counted.months
