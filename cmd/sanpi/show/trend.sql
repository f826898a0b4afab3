-- trend: one row a round of the series, the three stages side by side.
select
    trend_series.series_position,
    trend_series.round,
    trend_series.held_on,
    max(value) filter (where stage = 'signed' and metric = 'projects')::double as signed,
    max(value) filter (where stage = 'started' and metric = 'projects')::double as started,
    max(value) filter (where stage = 'commissioned' and metric = 'projects')::double
        as commissioned,
    max(value) filter (where stage = 'signed' and metric = 'investment')::double / 1e8
        as signed_yi,
    max(value) filter (where stage = 'started' and metric = 'investment')::double / 1e8
        as started_yi,
    max(value) filter (where stage = 'commissioned' and metric = 'investment')::double / 1e8
        as commissioned_yi,
    bool_or(trend_series.status = 'conflict') as has_conflict,
    bool_or(trend_series.status = 'derived') as has_derived,
    bool_or(trend_series.doubt is not null) as has_doubt,
    any_value(universes.code) as universe,
    any_value(universes.meaning_zh) as universe_zh,
from trend_series
left join universes
    on trend_series.universe = universes.code and universes.code <> 'as_published'
where campaign = $campaign and area_id = $area
group by all
order by series_position
