select round, held_on, stage, value, status, low, high
from trend_series
where campaign = 'shanxi' and level = 'province' and metric = 'projects'
order by series_position, stage
