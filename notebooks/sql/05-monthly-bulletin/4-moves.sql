-- SYNTHETIC. The projects that moved the last month's rates.
select month, name, moves, change_started, change_commissioned
from progress_moves
where campaign = 'shanxi' and synthetic
qualify month = max(month) over ()
order by name, project_id
limit 10
