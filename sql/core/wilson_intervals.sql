-- wilson_intervals: the 95 % Wilson interval of k of n, for the shares of industry_mix
-- and reform_adoption. See cohort_conversion for the formula.
--
-- grain:    k, n
--
-- columns:
--   k     BIGINT  how many did
--   n     BIGINT  of how many
--   low   DOUBLE  lower end of the interval of k / n
--   high  DOUBLE  upper end
with

pairs as (
    select started as k, projects as n from industry_counts
    union
    select commissioned as k, started as n from industry_counts
    union
    select commissioned as k, projects as n from industry_counts
    union
    select adopted as k, known as n from reform_counts
),

centred as (
    select
        k, n,
        1.959963984540054::double as z,
        (k / n + z * z / (2 * n)) / (1 + z * z / n) as centre,
        z * sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n)) / (1 + z * z / n) as half,
    from pairs
    where n > 0
)

select
    k,
    n,
    -- The formula gives just 0 and 1 there, but for the last bit.
    if(k = 0, 0, centre - half)::double as low,
    if(k = n, 1, centre + half)::double as high,
from centred
