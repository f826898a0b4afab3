-- How did the seven headline rounds of Shanxi move?
-- zh: 山西七期的签约、开工、投产各是多少？
--
-- row:      a headline round and stage
-- key:      round, stage
--
-- columns:
--   round            VARCHAR  round
--   held_on          DATE  day of the event; NULL when nobody printed it
--   stage            VARCHAR  stage
--   projects         BIGINT [projects]  projects published; NULL when missing
--   investment_yi    DECIMAL(18,2) [亿元]  investment published; NULL when missing
--   projects_change  DOUBLE [ratio]  change on the round before; NULL next to a gap
--
-- A gap stays a gap: nothing is carried over it, and no change is computed across it.
select
    round,
    any_value(held_on) as held_on,
    stage,
    any_value(value) filter (metric = 'projects')::bigint as projects,
    (any_value(value) filter (metric = 'investment') / 1e8)::decimal(18, 2) as investment_yi,
    any_value(change_ratio) filter (metric = 'projects') as projects_change,
from trend_series
where campaign = 'shanxi' and area_id = '140000'
group by series_position, round, stage
order by series_position, array_position(['signed', 'started', 'commissioned', 'total'], stage), stage;
