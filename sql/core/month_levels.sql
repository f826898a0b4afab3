-- month_levels: month_deltas by the levels of the monthly bulletin: each zone (with its
-- parts, and each part), each city, each type of zone and the province.
--
-- grain:    campaign, synthetic, level, key, month
--
-- columns:
--   campaign            VARCHAR  campaign
--   synthetic           BOOLEAN  generated rows
--   level               VARCHAR  zone, city, zone_type or province
--   key                 VARCHAR  id of the zone, city or province; the type
--   month               DATE     last day of the month
--   editions            BIGINT   see month_deltas, here and below
--   projects            BIGINT   projects, more or fewer
--   signed              BIGINT   of them signed
--   started_of_signed   BIGINT   signed and started
--   started             BIGINT   started
--   commissioned        BIGINT   commissioned
--   outputs             BIGINT   commissioned, with both outputs known
--   expected_output_cny DECIMAL(18,2)  expected output of these
--   actual_output_cny   DECIMAL(18,2)  actual output of these
--   revised_signed      BIGINT   signed, as known today
--   revised_started_of_signed  BIGINT  signed and started, as known today
--   revised_started     BIGINT   started, as known today
--   revised_commissioned  BIGINT   commissioned, as known today
with

named as (
    select distinct
        campaign, zone_id, county_id, city_id,
        unnest([zone_id, county_id, city_id]) as place_id,
    from month_deltas
),

-- A place named twice, as a zone and as its city, counts once.
placed as (
    select distinct
        named.campaign, named.zone_id, named.county_id, named.city_id,
        if(areas.level in ('city', 'province'), areas.level, 'zone') as level,
        areas.area_id as key,
    from named
    inner join area_wholes
        on named.campaign = area_wholes.campaign and named.place_id = area_wholes.area_id
    inner join areas
        on
            area_wholes.campaign = areas.campaign
            and area_wholes.whole_id = areas.area_id
    where areas.level in ('zone', 'zone_part', 'cluster', 'city', 'province')
    union all
    select distinct named.campaign, named.zone_id, named.county_id, named.city_id, 'zone_type', zone_types.zone_type
    from named
    inner join zone_types using (campaign, zone_id)
)

select
    month_deltas.campaign,
    month_deltas.synthetic,
    placed.level,
    placed.key,
    month_deltas.month,
    sum(month_deltas.editions)::bigint as editions,
    sum(month_deltas.projects)::bigint as projects,
    sum(month_deltas.signed)::bigint as signed,
    sum(month_deltas.started_of_signed)::bigint as started_of_signed,
    sum(month_deltas.started)::bigint as started,
    sum(month_deltas.commissioned)::bigint as commissioned,
    sum(month_deltas.outputs)::bigint as outputs,
    sum(month_deltas.expected_output_cny)::decimal(18, 2) as expected_output_cny,
    sum(month_deltas.actual_output_cny)::decimal(18, 2) as actual_output_cny,
    sum(month_deltas.revised_signed)::bigint as revised_signed,
    sum(month_deltas.revised_started_of_signed)::bigint as revised_started_of_signed,
    sum(month_deltas.revised_started)::bigint as revised_started,
    sum(month_deltas.revised_commissioned)::bigint as revised_commissioned,
from month_deltas
inner join placed
    on
        month_deltas.campaign = placed.campaign
        and month_deltas.zone_id is not distinct from placed.zone_id
        and month_deltas.county_id is not distinct from placed.county_id
        and month_deltas.city_id is not distinct from placed.city_id
group by all
