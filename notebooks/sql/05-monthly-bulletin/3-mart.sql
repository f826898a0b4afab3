-- SYNTHETIC. The same from the mart, with the change on the month before.
select month, signed, started, commissioned, start_rate, commission_rate, target_rate, start_change, is_revised
from progress_bulletin
where campaign = 'shanxi' and synthetic and level = 'province'
order by month
