-- areas: an area by its id, its name or another name of it.
select distinct areas.area_id, areas.name, areas.name_en
from areas
left join area_names using (campaign, area_id)
where
    areas.campaign = $campaign
    and ($text in (areas.area_id, areas.name, areas.name_en, area_names.name))
order by areas.area_id
