-- zone_types: the type of each zone; a part has that of its zone.
--
-- grain:    campaign, zone_id
--
-- columns:
--   campaign   VARCHAR  campaign
--   zone_id    VARCHAR  zone or part of one
--   whole_id   VARCHAR  the zone; of a part, the zone that it belongs to
--   zone_type  VARCHAR  industrial, agriculture or tourism
select
    areas.campaign,
    areas.area_id as zone_id,
    if(areas.level = 'zone_part', areas.parent_id, areas.area_id) as whole_id,
    coalesce(areas.zone_type, whole.zone_type) as zone_type,
from areas
left join areas as whole
    on
        areas.level = 'zone_part'
        and areas.campaign = whole.campaign
        and areas.parent_id = whole.area_id
where coalesce(areas.zone_type, whole.zone_type) is not null
