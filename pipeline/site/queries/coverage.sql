-- coverage: of how many rounds each level has which figure, for the headline series and
-- for all rounds.
with

-- A round counts as known to a level when one of its areas is.
rounds_known as (
    select
        campaign, level, stage, metric, round, series_position is not null as is_series,
        bool_or(status in ('published', 'conflict')) as is_known,
        count(*) filter (where status in ('published', 'conflict')) as areas_known,
    from coverage
    group by all
)

select
    campaign,
    level,
    metric,
    stage,
    count(*) filter (where is_series and is_known)::double as series_known,
    count(*) filter (where is_series)::double as series,
    count(*) filter (where is_known)::double as known,
    count(*)::double as rounds,
    sum(areas_known)::double as figures,
from rounds_known
group by campaign, level, metric, stage
order by
    campaign,
    list_position(['province', 'city', 'county', 'zone', 'zone_part', 'cluster'], level),
    list_position(['projects', 'investment', 'annual_output'], metric),
    list_position(['signed', 'started', 'commissioned'], stage)
