-- What the missing rounds of a year hold together.
select stage, metric, total, known_sum, residual, rounds_missing, status
from span_residuals
where campaign = 'shanxi' and area_id = '140000' and universe = 'as_published'
order by metric, array_position(['signed', 'started', 'commissioned'], stage)
