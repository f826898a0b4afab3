-- series: the headline series of every area that has one: what trend_series says.
select
    campaign,
    area_id,
    series_position as position,
    round,
    stage,
    metric,
    universe,
    value::double as value,
    status,
    coalesce(approximate, false) as approximate,
    doubt,
    low::double as low,
    high::double as high,
    cumulative::double as cumulative,
    change_ratio,
    investment_per_project_cny::double as investment_per_project_cny,
    claim_id,
    array_to_string(claim_ids, chr(31)) as claim_ids,
from trend_series
order by campaign, area_id, series_position, metric desc, stage
