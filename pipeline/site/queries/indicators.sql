-- indicators: what the last assessment of each zone rests on.
select
    year,
    zone_id,
    pair,
    name,
    name_en,
    value,
    base::double as base,
    score,
    weight_used,
    status,
from scorecard_indicators
where campaign = $campaign and synthetic = $synthetic
qualify year = max(year) over (partition by zone_id)
order by
    zone_id,
    list_position(['reserve', 'recruitment', 'construction', 'service'], pair),
    indicator
