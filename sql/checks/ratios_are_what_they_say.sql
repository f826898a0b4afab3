-- ratios_are_what_they_say: a conversion is its numerator over its denominator,
-- and NULL when either is not known or the denominator is 0.
select
    campaign, area_id, period_id, universe, basis, signed, started, commissioned, start_ratio,
    commission_ratio, overall_ratio
from area_conversion
where
    start_ratio is distinct from started / nullif(signed, 0)
    or commission_ratio is distinct from commissioned / nullif(started, 0)
    or overall_ratio is distinct from commissioned / nullif(signed, 0)
    or basis not in ('published_flow', 'ledger_cohort')
