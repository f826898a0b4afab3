select area, period_id, signed, started, commissioned, start_ratio, commission_ratio
from area_conversion
where campaign = 'shanxi' and basis = 'published_flow' and level in ('province', 'city')
order by area_id, period_to
