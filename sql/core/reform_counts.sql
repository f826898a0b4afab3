-- reform_counts: how many projects signed were under each reform, by zone, type of
-- zone and all, and by year of signing.
--
-- grain:    campaign, synthetic, reform, level, key, period, year?
--
-- columns:
--   campaign   VARCHAR  campaign
--   synthetic  BOOLEAN  generated rows
--   reform     VARCHAR  commitment, standard_land or full_agency
--   level      VARCHAR  all, zone (a part counts also in its zone) or zone_type
--   key        VARCHAR  the zone or type; all for all
--   period     VARCHAR  year, or all for all projects signed
--   year       INTEGER  year of signing; NULL when not known, and for all
--   projects   BIGINT   projects signed
--   known      BIGINT   of those, projects of which the ledger says whether they were under it
--   adopted    BIGINT   of these, projects that were
with

marked as (
    select
        campaign, synthetic, zone_id, year, projects,
        unnest([
            {reform: 'commitment', mark: commitment},
            {reform: 'standard_land', mark: standard_land},
            {reform: 'full_agency', mark: full_agency}
        ], recursive := true),
    from reform_cells
    where cut = 'year'
),

zones as (
    select area_wholes.campaign, area_wholes.area_id as zone_id, areas.area_id as key,
    from area_wholes
    inner join areas
        on
            area_wholes.campaign = areas.campaign
            and area_wholes.whole_id = areas.area_id
    where areas.level in ('zone', 'zone_part', 'cluster')
),

keyed as (
    select marked.*, 'all' as level, 'all' as key,
    from marked
    union all
    select marked.*, 'zone' as level, zones.key,
    from marked
    inner join zones using (campaign, zone_id)
    union all
    select marked.*, 'zone_type' as level, zone_types.zone_type as key,
    from marked
    inner join zone_types using (campaign, zone_id)
),

in_periods as (
    select keyed.* exclude (year), 'year' as period, keyed.year,
    from keyed
    union all
    select keyed.* exclude (year), 'all' as period, null as year,
    from keyed
)

select
    campaign,
    synthetic,
    reform,
    level,
    key,
    period,
    year,
    sum(projects)::bigint as projects,
    coalesce(sum(projects) filter (where mark is not null), 0)::bigint as known,
    coalesce(sum(projects) filter (where mark), 0)::bigint as adopted,
from in_periods
group by all
