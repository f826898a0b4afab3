-- cells: what is published of each round for each province and city.
select
    campaign,
    round,
    area_id,
    level,
    stage,
    metric,
    status,
    claims::double as claims,
    voices::double as voices,
from coverage
where level in ('province', 'city') and metric in ('projects', 'investment')
order by campaign, area_id, round, metric desc, list_position(['signed', 'started', 'commissioned'], stage)
