-- cohort_conversion: cohort_counts with the 95 % Wilson interval of each ratio.
--
-- The share of the projects signed that started is one of a binomial count, and a
-- zone signs few: of n projects k made it, and with p = k / n and z = 1.959964 the
-- interval is (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). It lies in 0..1
-- and is not empty for k = 0 or k = n. It speaks of chance alone, not of a ledger
-- that leaves projects out.
--
-- grain:    campaign, synthetic, kind, key, period, period_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  generated rows
--   kind             VARCHAR  area or zone_type
--   key              VARCHAR  the area, or the type of zone
--   period           VARCHAR  round or all
--   period_id        VARCHAR  round; all for all
--   start_ci_low     DOUBLE   lower end for started / signed
--   start_ci_high    DOUBLE   upper end
--   commission_ci_low   DOUBLE  lower end for commissioned / started
--   commission_ci_high  DOUBLE  upper end
--   overall_ci_low   DOUBLE   lower end for commissioned / signed
--   overall_ci_high  DOUBLE   upper end
with

ratios as (
    select
        campaign, synthetic, kind, key, period, period_id,
        unnest([
            {name: 'start', k: started, n: signed},
            {name: 'commission', k: commissioned, n: started},
            {name: 'overall', k: commissioned, n: signed}
        ], recursive := true),
        1.959963984540054::double as z,
    from cohort_counts
),

centred as (
    select
        *,
        (k / n + z * z / (2 * n)) / (1 + z * z / n) as centre,
        z * sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n)) / (1 + z * z / n) as half,
    from ratios
    where n > 0
),

intervals as (
    select
        *,
        -- The formula gives just 0 and 1 there, but for the last bit.
        if(k = 0, 0, centre - half) as low,
        if(k = n, 1, centre + half) as high,
    from centred
)

select
    campaign,
    synthetic,
    kind,
    key,
    period,
    period_id,
    max(low) filter (where name = 'start')::double as start_ci_low,
    max(high) filter (where name = 'start')::double as start_ci_high,
    max(low) filter (where name = 'commission')::double as commission_ci_low,
    max(high) filter (where name = 'commission')::double as commission_ci_high,
    max(low) filter (where name = 'overall')::double as overall_ci_low,
    max(high) filter (where name = 'overall')::double as overall_ci_high,
from intervals
group by all
