-- cohort_counts: of the projects of the ledgers signed in a round, how many had
-- started and been commissioned: by area and by type of zone, for each round and
-- for all projects known to be signed, those of an unknown round among them.
--
-- grain:    campaign, synthetic, kind, key, period, period_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  generated rows
--   kind             VARCHAR  area or zone_type
--   key              VARCHAR  the area, or the type of zone
--   period           VARCHAR  round or all
--   period_id        VARCHAR  round; all for all
--   period_from      DATE     first day of signing known
--   period_to        DATE     last day of signing known
--   rounds_covered   INTEGER  rounds of the signing known
--   zones_covered    BIGINT   zones that the projects are in; a part counts as its zone
--   signed           BIGINT   projects signed
--   started          BIGINT   of those, started
--   commissioned     BIGINT   of those, commissioned
--   signed_investment_cny        DECIMAL(18,2)  investment of those signed, where known; NULL where none is
--   started_investment_cny       DECIMAL(18,2)  investment of those started, where known
--   commissioned_investment_cny  DECIMAL(18,2)  investment of those commissioned, where known
--   projects_without_investment  BIGINT  projects signed whose investment is not known
--   has_approximate  BOOLEAN  an amount of one of them is printed as about, over or nearly
--   observed_on      DATE     latest day for which one of them is known
with

keyed as (
    select cohort_cells.*, 'area' as kind, cell_areas.area_id as key,
    from cohort_cells
    inner join cell_areas
        on
            cohort_cells.campaign = cell_areas.campaign
            and cohort_cells.zone_id is not distinct from cell_areas.zone_id
            and cohort_cells.county_id is not distinct from cell_areas.county_id
            and cohort_cells.city_id is not distinct from cell_areas.city_id
            and cohort_cells.signed_round is not distinct from cell_areas.signed_round
    union all
    select cohort_cells.*, 'zone_type' as kind, zone_types.zone_type as key,
    from cohort_cells
    inner join zone_types using (campaign, zone_id)
),

in_periods as (
    select keyed.*, 'round' as period, keyed.signed_round as period_id,
    from keyed
    where keyed.signed_round is not null
    union all
    select keyed.*, 'all' as period, 'all' as period_id,
    from keyed
)

select
    in_periods.campaign,
    in_periods.synthetic,
    in_periods.kind,
    in_periods.key,
    in_periods.period,
    in_periods.period_id,
    min(in_periods.signed_from) as period_from,
    max(in_periods.signed_to) as period_to,
    count(distinct in_periods.signed_round)::integer as rounds_covered,
    count(distinct zone_types.whole_id) as zones_covered,
    sum(in_periods.signed)::bigint as signed,
    sum(in_periods.started)::bigint as started,
    sum(in_periods.commissioned)::bigint as commissioned,
    if(
        sum(in_periods.signed) > sum(in_periods.projects_without_investment)
        and count(in_periods.signed_investment_cny) = count(*),
        try_cast(sum(in_periods.signed_investment_cny) as decimal(18, 2)),
        null
    ) as signed_investment_cny,
    if(
        sum(in_periods.signed) > sum(in_periods.projects_without_investment)
        and count(in_periods.started_investment_cny) = count(*),
        try_cast(sum(in_periods.started_investment_cny) as decimal(18, 2)),
        null
    ) as started_investment_cny,
    if(
        sum(in_periods.signed) > sum(in_periods.projects_without_investment)
        and count(in_periods.commissioned_investment_cny) = count(*),
        try_cast(sum(in_periods.commissioned_investment_cny) as decimal(18, 2)),
        null
    ) as commissioned_investment_cny,
    sum(in_periods.projects_without_investment)::bigint as projects_without_investment,
    bool_or(in_periods.has_approximate) as has_approximate,
    max(in_periods.observed_on) as observed_on,
from in_periods
left join zone_types
    on
        in_periods.campaign = zone_types.campaign
        and in_periods.zone_id = zone_types.zone_id
group by all
