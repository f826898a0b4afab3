-- stage_duration: how many days projects take from signing to start, from start to
-- commissioning and from there to the output expected of them: the day by which a
-- quarter, half and three quarters have made it.
--
-- Kaplan–Meier over the projects of the ledgers as last seen: one that is not there
-- yet counts for as long as it has been watched and is never dropped, which would
-- make the slow ones vanish and the zone look fast. A quantile is the first day by
-- which at least that share has made it, and NULL when the curve does not come so far
-- yet. The 95 % interval of the median is where the log-log band of the curve crosses
-- a half (Brookmeyer and Crowley).
--
-- Durations run between the middles of what is known of two dates. Left out, and
-- counted: projects of which a day is not known, so a ledger that marks projects as
-- started without a day makes its zone look slower; and those dated in impossible
-- order. Synthetic and real projects never share a row.
--
-- grain:    campaign, synthetic, transition, level, key
--
-- columns:
--   campaign     VARCHAR  campaign
--   synthetic    BOOLEAN  counts generated ledger rows
--   transition   VARCHAR  signed_to_started, started_to_commissioned or commissioned_to_on_target
--   level        VARCHAR  all, zone (a part counts also as its zone), city, zone_type or industry
--   key          VARCHAR  id of the zone or city, the type, the industry; all for all
--   name         VARCHAR  name of the zone or city, else the key
--   projects     BIGINT   projects that the estimate rests on: events + censored
--   events       BIGINT   projects that made it
--   censored     BIGINT   projects not there yet when last seen
--   undated      BIGINT   projects left out since a day is not known
--   impossible   BIGINT   projects left out since the later stage is dated before the earlier
--   p25_days     INTEGER  days after which a quarter has made it
--   median_days  INTEGER  days after which half has made it
--   p75_days     INTEGER  days after which three quarters have made it
--   median_ci_low_days   INTEGER  lower end of the 95 % interval of the median
--   median_ci_high_days  INTEGER  upper end; NULL when the band does not come down to a half
with

counted as (
    select
        campaign, synthetic, transition, level, key,
        coalesce(sum(projects) filter (where outcome = 'event'), 0)::bigint as events,
        coalesce(sum(projects) filter (where outcome = 'censored'), 0)::bigint as censored,
        coalesce(sum(projects) filter (where outcome = 'undated'), 0)::bigint as undated,
        coalesce(sum(projects) filter (where outcome = 'impossible'), 0)::bigint
            as impossible,
    from duration_levels
    group by all
),

-- The last bit of a sum of logarithms must not move a quantile to the next day.
crossed as (
    select
        campaign, synthetic, transition, level, key,
        min(days) filter (where survival <= 0.75 + 1e-10) as p25_days,
        min(days) filter (where survival <= 0.5 + 1e-10) as median_days,
        min(days) filter (where survival <= 0.25 + 1e-10) as p75_days,
        min(days) filter (where ci_low <= 0.5) as median_ci_low_days,
        min(days) filter (where ci_high <= 0.5) as median_ci_high_days,
    from survival_curves
    group by all
)

select
    counted.campaign,
    counted.synthetic,
    counted.transition,
    counted.level,
    counted.key,
    coalesce(areas.name, counted.key) as name,
    counted.events + counted.censored as projects,
    counted.events,
    counted.censored,
    counted.undated,
    counted.impossible,
    crossed.p25_days,
    crossed.median_days,
    crossed.p75_days,
    crossed.median_ci_low_days,
    crossed.median_ci_high_days,
from counted
left join crossed using (campaign, synthetic, transition, level, key)
left join areas
    on
        counted.level in ('zone', 'city')
        and counted.campaign = areas.campaign
        and counted.key = areas.area_id
order by
    counted.campaign, counted.synthetic, counted.transition, counted.level, counted.key
