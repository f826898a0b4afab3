-- How many projects were signed, started and commissioned over the seven rounds, as far as is known?
-- zh: 七期合计签约、开工、投产多少（已知部分）？
--
-- row:      a stage
-- key:      stage
--
-- columns:
--   stage              VARCHAR  stage
--   rounds             BIGINT  headline rounds
--   rounds_known       BIGINT  those of them whose figure is known
--   projects_at_least  BIGINT [projects]  sum of the known rounds: a lower bound while one is missing; NULL when none is known
--   rounds_missing     VARCHAR[]  the others
--
-- A sum over fewer than all rounds is a lower bound, and the column's name says so.
select
    stage,
    count(*) as rounds,
    count(value) as rounds_known,
    sum(value)::bigint as projects_at_least,
    coalesce(list(round order by series_position) filter (value is null), []) as rounds_missing,
from trend_series
where campaign = 'shanxi' and area_id = '140000' and metric = 'projects' and stage in ('signed', 'started', 'commissioned')
group by stage
order by array_position(['signed', 'started', 'commissioned'], stage);
