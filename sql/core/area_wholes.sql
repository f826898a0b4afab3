-- area_wholes: the areas in which each area lies, with itself: what is in a part
-- of a zone counts in the zone, the county or city above and the province.
--
-- grain:    campaign, area_id, whole_id
--
-- columns:
--   campaign  VARCHAR  campaign
--   area_id   VARCHAR  area
--   whole_id  VARCHAR  an area that holds it, or the area itself
with recursive

climbed as (
    select campaign, area_id, area_id as whole_id
    from areas
    union
    select climbed.campaign, climbed.area_id, above.whole_id
    from climbed
    inner join (
        select campaign, area_id, unnest([parent_id, city_id]) as whole_id
        from areas
    ) as above
        on climbed.campaign = above.campaign and climbed.whole_id = above.area_id
    where above.whole_id is not null
)

select campaign, area_id, whole_id
from climbed
