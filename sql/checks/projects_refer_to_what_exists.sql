-- projects_refer_to_what_exists: the places, rounds and source of every project
-- are in their tables.
with

places as (
    select campaign, project_id, 'zone_id' as field, zone_id as key from projects
    union all
    select campaign, project_id, 'city_id' as field, city_id as key from projects
    union all
    select campaign, project_id, 'county_id' as field, county_id as key from projects
)

select places.campaign, places.project_id, places.field, places.key
from places
left join areas on places.campaign = areas.campaign and places.key = areas.area_id
where places.key is not null and areas.area_id is null
union all
select projects.campaign, projects.project_id, 'source_id' as field, projects.source_id as key
from projects
left join sources
    on projects.campaign = sources.campaign and projects.source_id = sources.source_id
where sources.source_id is null
union all
select projects.campaign, projects.project_id, 'round' as field, projects.round as key
from projects
left join rounds
    on projects.campaign = rounds.campaign and projects.round = rounds.round
where projects.round is not null and rounds.round is null
