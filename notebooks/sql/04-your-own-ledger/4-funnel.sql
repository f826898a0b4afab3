-- SYNTHETIC. The zone's cohort: of its signed projects, how many started and were commissioned so far.
select zone_id, zone, signed, started, commissioned, start_ratio, start_ci_low, start_ci_high, overall_ratio, as_of
from zone_conversion
where basis = 'ledger_cohort' and synthetic and period = 'all'
order by zone_id
