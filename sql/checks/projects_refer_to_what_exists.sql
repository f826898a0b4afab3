-- projects_refer_to_what_exists: the places, rounds and source of every project
-- are in their tables.
with

-- Millions of projects name few places: each is looked up once.
named as (
    select
        campaign, zone_id, county_id, city_id, source_id, round, signed_round,
        any_value(project_id) as project_id,
    from projects
    group by all
),

places as (
    select
        campaign, project_id,
        unnest(['zone_id', 'county_id', 'city_id']) as field,
        unnest([zone_id, county_id, city_id]) as key,
    from named
),

held as (
    select
        campaign, project_id,
        unnest(['round', 'signed_round']) as field,
        unnest([round, signed_round]) as key,
    from named
)

select places.campaign, places.project_id, places.field, places.key
from places
left join areas on places.campaign = areas.campaign and places.key = areas.area_id
where places.key is not null and areas.area_id is null
union all
select named.campaign, named.project_id, 'source_id' as field, named.source_id as key
from named
left join sources
    on named.campaign = sources.campaign and named.source_id = sources.source_id
where sources.source_id is null
union all
select held.campaign, held.project_id, held.field, held.key
from held
left join rounds on held.campaign = rounds.campaign and held.key = rounds.round
where held.key is not null and rounds.round is null
