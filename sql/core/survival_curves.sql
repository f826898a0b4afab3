-- survival_curves: the share of projects that have not made a transition after so
-- many days: the Kaplan–Meier estimate S with its 95 % band.
--
-- On each day with events, S is multiplied by 1 - events / at_risk, where at_risk are
-- those who were waiting that long: a project last seen before stands among them up
-- to that day and then leaves (it is censored), neither counted as made nor dropped.
-- The band is Greenwood's variance on the log-log scale, which stays in 0..1.
--
-- grain:    campaign, synthetic, transition, level, key, days
--
-- columns:
--   campaign    VARCHAR  campaign
--   synthetic   BOOLEAN  generated rows
--   transition  VARCHAR  signed_to_started, started_to_commissioned or commissioned_to_on_target
--   level       VARCHAR  all, zone, city, zone_type or industry; of reform_durations all or zone_type, the reform and whether it was taken up: all.commitment.true
--   key         VARCHAR  the zone, city, type or industry; all for all
--   days        INTEGER  a day on which projects made it
--   events      BIGINT   projects that made it on that day
--   at_risk     BIGINT   projects that had been waiting until that day
--   survival    DOUBLE   share not there yet after that day
--   ci_low      DOUBLE   lower end of the band; 0 where the curve is 0
--   ci_high     DOUBLE   upper end of the band; NULL where the curve is 0, which has no variance
with

counts as (
    select campaign, synthetic, transition, level, key, outcome, days, projects
    from duration_levels
    union all
    select
        campaign, synthetic, 'signed_to_started' as transition,
        level || '.' || reform || '.' || adopted as level,
        key, outcome, days, projects,
    from reform_durations
),

daily as (
    select
        campaign, synthetic, transition, level, key, days,
        coalesce(sum(projects) filter (where outcome = 'event'), 0)::bigint as events,
        sum(projects) as leaving,
    from counts
    where outcome in ('event', 'censored')
    group by all
),

waiting as (
    select
        *,
        sum(leaving) over (
            partition by campaign, synthetic, transition, level, key order by days desc
        )::bigint as at_risk,
    from daily
),

-- A product as the exponential of a sum of logarithms; the logarithm of 0 can only
-- be the last one, since nobody is left at risk after it.
multiplied as (
    select
        *,
        sum(if(events = at_risk, 0, ln((at_risk - events) / at_risk))) over so_far as log_survival,
        sum(if(events = at_risk, 0, events / at_risk / (at_risk - events))) over so_far as variance,
    from waiting
    where events > 0
    window so_far as (
        partition by campaign, synthetic, transition, level, key order by days
    )
)

select
    campaign,
    synthetic,
    transition,
    level,
    key,
    days,
    events,
    at_risk,
    if(events = at_risk, 0, exp(log_survival))::double as survival,
    if(
        events = at_risk, 0,
        exp(log_survival * exp(-1.959963984540054 * sqrt(variance) / log_survival))
    )::double as ci_low,
    if(
        events = at_risk, null,
        exp(log_survival * exp(1.959963984540054 * sqrt(variance) / log_survival))
    )::double as ci_high,
from multiplied
