-- reform_adoption: what share of the projects signed were under each reform, by zone,
-- type of zone and year of signing: 承诺制 (commitment), 标准地 (standard_land) and
-- 全代办 (full_agency); and how many days projects with it and without it took from
-- signing to start.
--
-- The share is of the projects of which the ledger says yes or no (known). The days are
-- Kaplan–Meier medians as in stage_duration, over all years of signing together, for
-- all projects and each type of zone: a single zone, or a single year, has too few
-- projects on each side, and late years have not been watched to their median.
--
-- The difference of the medians, with less without, tells of association and not of
-- cause: nobody drew lots, and zones that adopt a reform differ in other ways too. Its
-- 95 % interval is put together from the intervals of both medians (MOVER; Zou and
-- Donner 2008): with medians m, ends l and u, it runs from
-- m1 - m2 - √((m1 - l1)² + (u2 - m2)²) to m1 - m2 + √((u1 - m1)² + (m2 - l2)²). An end
-- that needs a part not known is NULL.
--
-- grain:    campaign, synthetic, reform, level, key, period, year?
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  counts generated ledger rows
--   reform           VARCHAR  commitment, standard_land or full_agency
--   reform_name      VARCHAR  its Chinese name
--   level            VARCHAR  all, zone (a part counts also in its zone) or zone_type
--   key              VARCHAR  id of the zone, or the type; all for all
--   name             VARCHAR  name of the zone, else the key
--   period           VARCHAR  year, or all for all projects signed
--   year             INTEGER  year of signing; NULL when not known, and for all
--   projects         BIGINT   projects signed
--   known            BIGINT   of those, projects of which the ledger says yes or no
--   adopted          BIGINT   of these, projects under the reform
--   adoption_share   DOUBLE   adopted / known; NULL when nothing is known
--   adoption_ci_low  DOUBLE   lower end of its 95 % Wilson interval
--   adoption_ci_high DOUBLE   upper end
--   with_projects    BIGINT   projects with it that its median rests on; NULL for zones and years, as is all that follows
--   with_events      BIGINT   of those, projects that started
--   with_median_days INTEGER  days from signing after which half had started; NULL when the curve does not come so far
--   with_median_ci_low_days   INTEGER  lower end of its 95 % interval
--   with_median_ci_high_days  INTEGER  upper end; NULL when the band does not come down to a half
--   without_projects    BIGINT   the same without it
--   without_events      BIGINT   of those, projects that started
--   without_median_days INTEGER  days after which half had started
--   without_median_ci_low_days   INTEGER  lower end
--   without_median_ci_high_days  INTEGER  upper end
--   undated          BIGINT   projects known to be with or without it that are left out: a day is not known, or the start is dated before the signing
--   median_difference_days   INTEGER  with_median_days - without_median_days: below 0, projects with it started sooner
--   difference_ci_low_days   DOUBLE   lower end of its 95 % interval
--   difference_ci_high_days  DOUBLE   upper end
with

crossed as (
    select
        campaign, synthetic, level as curve, key,
        min(days) filter (where survival <= 0.5 + 1e-10) as median,
        min(days) filter (where ci_low <= 0.5) as low,
        min(days) filter (where ci_high <= 0.5) as high,
    from survival_curves
    where transition = 'signed_to_started'
    group by all
),

sides as (
    select
        reform_durations.campaign, reform_durations.synthetic, reform_durations.level,
        reform_durations.key, reform_durations.reform, reform_durations.adopted,
        reform_durations.level || '.' || reform_durations.reform || '.'
        || reform_durations.adopted as curve,
        coalesce(sum(projects) filter (where outcome in ('event', 'censored')), 0)::bigint
            as projects,
        coalesce(sum(projects) filter (where outcome = 'event'), 0)::bigint as events,
        coalesce(sum(projects) filter (where outcome in ('undated', 'impossible')), 0)::bigint
            as undated,
    from reform_durations
    group by all
),

measured as (
    select sides.*, crossed.median, crossed.low, crossed.high,
    from sides
    left join crossed using (campaign, synthetic, curve, key)
),

compared as (
    select
        campaign, synthetic, level, key, reform, 'all' as period,
        max(if(adopted, projects, 0)) as with_projects,
        max(if(adopted, events, 0)) as with_events,
        max(if(adopted, median, null)) as with_median,
        max(if(adopted, low, null)) as with_low,
        max(if(adopted, high, null)) as with_high,
        max(if(adopted, 0, projects)) as without_projects,
        max(if(adopted, 0, events)) as without_events,
        max(if(adopted, null, median)) as without_median,
        max(if(adopted, null, low)) as without_low,
        max(if(adopted, null, high)) as without_high,
        sum(undated)::bigint as undated,
        with_median - without_median as difference,
    from measured
    group by all
),

counts as (
    select *, period = 'all' and level <> 'zone' as is_compared
    from reform_counts
)

select
    counts.campaign,
    counts.synthetic,
    counts.reform,
    case counts.reform
        when 'commitment' then '承诺制'
        when 'standard_land' then '标准地'
        when 'full_agency' then '全代办'
    end as reform_name,
    counts.level,
    counts.key,
    coalesce(areas.name, counts.key) as name,
    counts.period,
    counts.year,
    counts.projects,
    counts.known,
    counts.adopted,
    counts.adopted / nullif(counts.known, 0) as adoption_share,
    intervals.low as adoption_ci_low,
    intervals.high as adoption_ci_high,
    if(counts.is_compared, coalesce(compared.with_projects, 0), null) as with_projects,
    if(counts.is_compared, coalesce(compared.with_events, 0), null) as with_events,
    compared.with_median as with_median_days,
    compared.with_low as with_median_ci_low_days,
    compared.with_high as with_median_ci_high_days,
    if(counts.is_compared, coalesce(compared.without_projects, 0), null) as without_projects,
    if(counts.is_compared, coalesce(compared.without_events, 0), null) as without_events,
    compared.without_median as without_median_days,
    compared.without_low as without_median_ci_low_days,
    compared.without_high as without_median_ci_high_days,
    if(counts.is_compared, coalesce(compared.undated, 0), null) as undated,
    compared.difference as median_difference_days,
    compared.difference
    - sqrt(
        pow(compared.with_median - compared.with_low, 2)
        + pow(compared.without_high - compared.without_median, 2)
    ) as difference_ci_low_days,
    compared.difference
    + sqrt(
        pow(compared.with_high - compared.with_median, 2)
        + pow(compared.without_median - compared.without_low, 2)
    ) as difference_ci_high_days,
from counts
left join wilson_intervals as intervals
    on counts.adopted = intervals.k and counts.known = intervals.n
left join compared using (campaign, synthetic, level, key, reform, period)
left join areas
    on
        counts.level = 'zone'
        and counts.campaign = areas.campaign
        and counts.key = areas.area_id
order by
    counts.campaign, counts.synthetic, counts.reform, counts.level, counts.key,
    counts.period, counts.year
