select round, stage, status, claims, voices
from coverage
where campaign = 'shanxi' and level = 'province' and metric = 'projects' and series_position is not null
order by series_position, stage
