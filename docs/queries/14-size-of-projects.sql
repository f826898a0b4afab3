-- Do the projects of a round get larger?
-- zh: 项目平均投资是否在变大？
--
-- row:      a headline round and stage
-- key:      round, stage
--
-- columns:
--   round                      VARCHAR  round
--   stage                      VARCHAR  stage
--   projects                   BIGINT [projects]  published
--   investment_per_project_yi  DECIMAL(18,4) [亿元]  investment / projects; NULL when either is missing
--
-- A mean of what was announced, moved by a few very large projects; total investment is
-- not this year's.
select round, stage, value::bigint as projects, (investment_per_project_cny / 1e8)::decimal(18, 4) as investment_per_project_yi
from trend_series
where campaign = 'shanxi' and area_id = '140000' and metric = 'projects' and stage in ('signed', 'started', 'commissioned')
order by series_position, array_position(['signed', 'started', 'commissioned'], stage);
