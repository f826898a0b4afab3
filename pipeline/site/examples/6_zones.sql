select zone, zone_en, zone_type, period_id, basis, signed, started, start_ratio, start_ci_low, start_ci_high
from zone_conversion
where campaign = 'shanxi'
order by basis, zone_id, period_to
