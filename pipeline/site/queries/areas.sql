-- areas: every area that is a province, a city or a zone, and the others of which a
-- figure or a project is known.
select
    areas.campaign,
    areas.area_id,
    areas.name,
    areas.name_en,
    areas.level,
    areas.parent_id,
    areas.city_id,
    areas.zone_type,
    areas.zone_level,
    areas.verified,
    areas.approved,
    areas.area_km2,
    replace(areas.industries, ';', chr(31)) as industries,
    areas.note,
    sources.publisher,
    sources.url,
from areas
left join sources using (campaign, source_id)
where
    areas.level in ('province', 'city', 'zone', 'zone_part', 'cluster')
    or exists (
        from facts
        where facts.campaign = areas.campaign and facts.area_id = areas.area_id
    )
    or exists (
        from projects
        where projects.campaign = areas.campaign and projects.county_id = areas.area_id
    )
order by areas.campaign, areas.area_id
