-- reform_durations: how many projects took how many days from signing to start, or had
-- been waiting for so long when last seen, with each reform and without it. Projects of
-- which the ledger does not say stand in neither.
--
-- grain:    campaign, synthetic, level, key, reform, adopted, outcome, days?
--
-- columns:
--   campaign   VARCHAR  campaign
--   synthetic  BOOLEAN  generated rows
--   level      VARCHAR  all or zone_type
--   key        VARCHAR  the type of zone; all for all
--   reform     VARCHAR  commitment, standard_land or full_agency
--   adopted    BOOLEAN  with it or without
--   outcome    VARCHAR  event, censored, undated or impossible
--   days       INTEGER  days taken, or waited so far; NULL for undated and impossible
--   projects   BIGINT   projects
with

marked as (
    select
        campaign, synthetic, zone_type, outcome, days, projects,
        unnest([
            {reform: 'commitment', adopted: commitment},
            {reform: 'standard_land', adopted: standard_land},
            {reform: 'full_agency', adopted: full_agency}
        ], recursive := true),
    from reform_cells
    where cut = 'duration'
),

keyed as (
    select marked.*, 'all' as level, 'all' as key,
    from marked
    union all
    select marked.*, 'zone_type' as level, zone_type as key,
    from marked
    where zone_type is not null
)

select
    campaign,
    synthetic,
    level,
    key,
    reform,
    adopted,
    outcome,
    days,
    sum(projects)::bigint as projects,
from keyed
where adopted is not null
group by all
