-- scorecard_zones: which zones stand in the assessment of which year: every zone of
-- the campaign, in every year that its ledgers cover.
--
-- A year is covered when an edition speaks for a day of it or a project was signed in
-- it. A zone approved in a later year was not there yet, unless projects of the year
-- lie in it. A zone has reported when its ledgers speak of it on a day of the year or
-- later: after the last word on a zone nothing of it is known.
--
-- grain:    campaign, synthetic, year, zone_id
--
-- columns:
--   campaign     VARCHAR  campaign
--   synthetic    BOOLEAN  counts generated ledger rows
--   year         INTEGER  year
--   zone_id      VARCHAR  zone
--   zone_type    VARCHAR  industrial, agriculture or tourism; NULL when not known
--   projects     BIGINT   projects known to be signed by the end of the year
--   is_reported  BOOLEAN  its ledgers speak of it in the year or later
--   observed_on  DATE     last day of the year for which it is known; NULL when it did not report
with

covered as (
    select campaign, synthetic, year
    from zone_years
    where year is not null
    union
    select campaign, synthetic, year(observed_on)::integer as year
    from ledger_editions
    where observed_on is not null
),

grid as (
    select
        covered.campaign, covered.synthetic, covered.year, areas.area_id as zone_id,
        areas.zone_type,
        -- approved holds a year, a month or a day.
        try_cast(left(areas.approved, 4) as integer) as approved_year,
    from covered
    inner join areas using (campaign)
    where areas.level = 'zone'
),

told as (
    select
        grid.campaign, grid.synthetic, grid.year, grid.zone_id, grid.zone_type,
        grid.approved_year,
        coalesce(sum(zone_years.projects) filter (where zone_years.year <= grid.year), 0)
            as projects,
        max(zone_years.observed_on) as last_word_on,
    from grid
    left join zone_years
        on
            grid.campaign = zone_years.campaign
            and grid.synthetic = zone_years.synthetic
            and grid.zone_id = zone_years.zone_id
    group by all
),

reported as (
    select *, coalesce(last_word_on >= make_date(year, 1, 1), false) as is_reported
    from told
)

select
    campaign,
    synthetic,
    year,
    zone_id,
    zone_type,
    projects::bigint as projects,
    is_reported,
    if(is_reported, least(last_word_on, make_date(year, 12, 31)), null) as observed_on,
from reported
where approved_year is null or approved_year <= year or projects > 0
