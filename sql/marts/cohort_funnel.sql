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
-- grain:    campaign, synthetic, signed_round, months
--
-- columns:
--   campaign      VARCHAR  campaign
--   synthetic     BOOLEAN  counts generated ledger rows
--   signed_round  VARCHAR  round of the signing; all for all projects with a day of signing, the round known or not
--   months        INTEGER  months since the signing, 0 to 60
--   projects      BIGINT   projects of the cohort with a day of signing
--   left_out      BIGINT   projects left out: no day of signing, or started or commissioned before it
--   observed      BIGINT   projects of the cohort watched for so many months
--   is_complete   BOOLEAN  all of them are
--   started       BIGINT   of those observed, started within so many months
--   commissioned  BIGINT   of those observed, commissioned within so many months
--   start_ratio   DOUBLE   started / observed
--   overall_ratio DOUBLE   commissioned / observed
--   undated_starts          BIGINT  of those observed, started on a day not known
--   undated_commissionings  BIGINT  of those observed, commissioned on a day not known
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
