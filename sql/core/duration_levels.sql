-- duration_levels: duration_counts by the levels that are looked at: all, each zone
-- (with its parts, and each part), each city, each type of zone and each industry.
--
-- grain:    campaign, synthetic, transition, level, key, outcome, days?
--
-- columns:
--   campaign    VARCHAR  campaign
--   synthetic   BOOLEAN  generated rows
--   transition  VARCHAR  signed_to_started, started_to_commissioned or commissioned_to_on_target
--   level       VARCHAR  all, zone, city, zone_type or industry
--   key         VARCHAR  the zone, city, type or industry; all for all
--   outcome     VARCHAR  event, censored, undated or impossible
--   days        INTEGER  days taken, or waited so far; NULL for undated and impossible
--   projects    BIGINT   projects
with

named as (
    select distinct
        campaign, zone_id, county_id, city_id,
        unnest([zone_id, county_id, city_id]) as place_id,
    from duration_counts
    where cut = 'place'
),

-- A place named twice, as a zone and as its city, counts once.
placed as (
    select distinct
        named.campaign, named.zone_id, named.county_id, named.city_id,
        if(areas.level = 'city', 'city', 'zone') as level,
        areas.area_id as key,
    from named
    inner join area_wholes
        on named.campaign = area_wholes.campaign and named.place_id = area_wholes.area_id
    inner join areas
        on
            area_wholes.campaign = areas.campaign
            and area_wholes.whole_id = areas.area_id
    where areas.level in ('zone', 'zone_part', 'cluster', 'city')
),

keyed as (
    select duration_counts.*, 'all' as level, 'all' as key,
    from duration_counts
    where duration_counts.cut = 'place'
    union all
    select duration_counts.*, placed.level, placed.key,
    from duration_counts
    inner join placed
        on
            duration_counts.campaign = placed.campaign
            and duration_counts.zone_id is not distinct from placed.zone_id
            and duration_counts.county_id is not distinct from placed.county_id
            and duration_counts.city_id is not distinct from placed.city_id
    where duration_counts.cut = 'place'
    union all
    select duration_counts.*, 'zone_type' as level, zone_types.zone_type as key,
    from duration_counts
    inner join zone_types using (campaign, zone_id)
    where duration_counts.cut = 'place'
    union all
    select duration_counts.*, 'industry' as level, duration_counts.industry as key,
    from duration_counts
    where duration_counts.cut = 'industry' and duration_counts.industry is not null
)

select
    campaign,
    synthetic,
    transition,
    level,
    key,
    outcome,
    days,
    sum(projects)::bigint as projects,
from keyed
group by all
