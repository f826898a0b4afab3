-- The mean of the known rounds, and the mistake.
select
    stage,
    count(value) as rounds_known,
    count(*) as rounds,
    avg(value) as mean_of_known,
    avg(coalesce(value, 0)) as mean_with_zeros_which_is_wrong,
from trend_series
where campaign = 'shanxi' and area_id = '140000' and metric = 'projects' and stage in ('signed', 'started', 'commissioned')
group by stage
order by array_position(['signed', 'started', 'commissioned'], stage)
