-- area_provinces: the province in which each area lies; a province lies in
-- itself.
--
-- grain:    campaign, area_id
--
-- columns:
--   campaign     VARCHAR  campaign
--   area_id      VARCHAR  area
--   province_id  VARCHAR  its province; NULL when no province stands above it
with recursive

climbed as (
    select campaign, area_id, area_id as above_id
    from areas
    union
    select climbed.campaign, climbed.area_id, areas.parent_id as above_id
    from climbed
    inner join areas
        on climbed.campaign = areas.campaign and climbed.above_id = areas.area_id
    where areas.parent_id is not null
)

select
    climbed.campaign,
    climbed.area_id,
    max(climbed.above_id) filter (where areas.level = 'province') as province_id,
from climbed
inner join areas
    on climbed.campaign = areas.campaign and climbed.above_id = areas.area_id
group by all
