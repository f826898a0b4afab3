-- cell_areas: the areas in which the projects of a cell count, each once: those
-- named in their rows, all above these, and the province that held the round of
-- their signing where no row names a place.
--
-- grain:    campaign, zone_id?, county_id?, city_id?, signed_round?, area_id
--
-- columns:
--   campaign      VARCHAR  campaign
--   zone_id       VARCHAR  zone, part or cluster
--   county_id     VARCHAR  county
--   city_id       VARCHAR  city
--   signed_round  VARCHAR  round of the signing
--   area_id       VARCHAR  area in which they count
--   level         VARCHAR  level of the area
with

placed as (
    select distinct
        cohort_cells.campaign, cohort_cells.zone_id, cohort_cells.county_id,
        cohort_cells.city_id, cohort_cells.signed_round,
        unnest([
            cohort_cells.zone_id, cohort_cells.county_id, cohort_cells.city_id,
            if(
                coalesce(cohort_cells.zone_id, cohort_cells.county_id, cohort_cells.city_id)
                is null,
                rounds.area_id,
                null
            )
        ]) as place_id,
    from cohort_cells
    left join rounds
        on
            cohort_cells.campaign = rounds.campaign
            and cohort_cells.signed_round = rounds.round
)

select distinct
    placed.campaign,
    placed.zone_id,
    placed.county_id,
    placed.city_id,
    placed.signed_round,
    area_wholes.whole_id as area_id,
    areas.level,
from placed
inner join area_wholes
    on placed.campaign = area_wholes.campaign and placed.place_id = area_wholes.area_id
inner join areas
    on
        area_wholes.campaign = areas.campaign
        and area_wholes.whole_id = areas.area_id
