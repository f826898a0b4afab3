-- Which figures of the headline rounds has nobody published for the province?
-- zh: 全省七期还缺哪些数字？
--
-- row:      a headline round, stage and metric of the province
-- key:      round, stage, metric
--
-- columns:
--   round   VARCHAR  round
--   stage   VARCHAR  stage
--   metric  VARCHAR  metric
--   status  VARCHAR  missing, or span_only when only a longer span has it
--   spans   VARCHAR[]  the spans that have it
--
-- span_only is not nothing: the figure is inside a year's or span's total, see
-- span_residuals.
select round, stage, metric, status, spans
from coverage
where campaign = 'shanxi' and area_id = '140000' and series_position is not null and status <> 'published'
    and stage in ('signed', 'started', 'commissioned') and metric in ('projects', 'investment')
order by series_position, array_position(['signed', 'started', 'commissioned'], stage), metric;
