select period_id, area, stage, metric, value, is_held, publisher, published_on, doubt
from source_conflicts
where kind = 'value'
order by campaign, period_id, stage, metric, is_held desc
