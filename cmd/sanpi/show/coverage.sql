-- coverage: of how many rounds each level has which figure, for the headline
-- series and for all rounds.
with

-- A round counts as known to a level when one of its areas is.
rounds_known as (
    select
        level, stage, metric, round, series_position is not null as is_series,
        bool_or(status in ('published', 'conflict')) as is_known,
        count(*) filter (where status in ('published', 'conflict')) as areas_known,
    from coverage
    where campaign = $campaign
    group by all
),

counted as (
    select
        level, stage, metric,
        count(*) filter (where is_series and is_known) as series_known,
        count(*) filter (where is_series) as series_rounds,
        count(*) filter (where is_known) as known,
        count(*) as rounds,
        sum(areas_known)::bigint as figures,
    from rounds_known
    group by all
)

select *
from counted
order by
    list_position(['province', 'city', 'county', 'zone', 'zone_part', 'cluster'], level),
    list_position(['projects', 'investment', 'annual_output'], metric),
    list_position(['signed', 'started', 'commissioned'], stage)
