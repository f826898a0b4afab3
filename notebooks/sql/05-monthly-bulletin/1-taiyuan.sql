-- The rates that Taiyuan published, with their method.
select metric, method, value as rate, period_id
from facts
where campaign = 'shanxi' and area_id = '140100' and metric in ('start_rate', 'commission_rate', 'target_rate')
order by array_position(['start_rate', 'commission_rate', 'target_rate'], metric)
