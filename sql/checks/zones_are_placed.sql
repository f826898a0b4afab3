-- zones_are_placed: a zone lies in a city, a part in a zone, and a zone that is
-- called verified names its source.
select areas.campaign, areas.area_id, areas.name, areas.level, areas.parent_id, areas.city_id
from areas
left join areas as parents
    on areas.campaign = parents.campaign and areas.parent_id = parents.area_id
where
    (areas.level in ('zone', 'cluster') and (areas.city_id is null or parents.level not in ('city', 'county')))
    or (areas.level = 'zone_part' and parents.level is distinct from 'zone')
    or (areas.level = 'zone' and areas.verified and areas.source_id is null)
