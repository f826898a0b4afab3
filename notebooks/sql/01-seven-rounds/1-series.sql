-- The province's headline series: a row a round and stage.
select
    round, series_position, held_on, stage,
    any_value(value) filter (metric = 'projects') as projects,
    any_value(value) filter (metric = 'investment') / 1e8 as investment_yi,
    any_value(status) filter (metric = 'projects') as projects_status,
from trend_series
where campaign = 'shanxi' and area_id = '140000' and stage in ('signed', 'started', 'commissioned')
group by round, series_position, held_on, stage
order by series_position, array_position(['signed', 'started', 'commissioned'], stage)
