-- zone_years: the projects of each zone's ledgers by the year of their signing, as
-- last known; those of a part count in its zone. What the yearly assessment counts
-- comes from here, so that the projects are read once for it.
--
-- The year is that of the last day on which a project may have been signed. Without
-- one, it is the first year by which it must have been: of a later event, else of the
-- last word on it; such a project counts in projects and in nothing else.
--
-- grain:    campaign, synthetic, zone_id, year?
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  generated rows
--   zone_id          VARCHAR  zone
--   year             INTEGER  year of the signing; NULL for projects that are not known to be signed
--   projects         BIGINT   projects known to be signed
--   signed           BIGINT   of them, with a known day of signing: all counts below are of these
--   started_same_year  BIGINT  started by the end of that year
--   started_next_year  BIGINT  started by the end of the next year
--   with_investment  BIGINT   with a known investment
--   median_investment  DOUBLE  median of these investments, in 亿元 (100 million yuan)
--   investment_cny   DECIMAL(18,2)  their sum; NULL past what the type holds
--   started_same_year_investment_cny  DECIMAL(18,2)  the same of those started by the end of that year
--   started_next_year_investment_cny  DECIMAL(18,2)  the same of those started by the end of the next
--   with_output      BIGINT   with a known investment above 0 and a known expected output
--   output_investment_cny  DECIMAL(18,2)  investment of these
--   expected_output_cny    DECIMAL(18,2)  annual output expected of these
--   commitment_known BIGINT   of which it is known whether they are under the commitment system (承诺制)
--   commitment       BIGINT   under it
--   standard_land_known  BIGINT  of which it is known whether they are on standard land (标准地)
--   standard_land    BIGINT   on it
--   full_agency_known  BIGINT  of which it is known whether an agent gets all permits (全代办)
--   full_agency      BIGINT   with such an agent
--   observed_on      DATE     last day for which one of the projects is known
with

zone_of as (
    select area_wholes.campaign, area_wholes.area_id, areas.area_id as whole_id
    from area_wholes
    inner join areas
        on
            area_wholes.campaign = areas.campaign
            and area_wholes.whole_id = areas.area_id
    where areas.level = 'zone'
),

-- When each event counts, as in month_deltas; least passes over NULL.
dated as (
    select
        project_states.*,
        zone_of.whole_id,
        if(
            project_states.is_signed,
            year(coalesce(
                project_states.signed_by,
                least(
                    project_states.started_by, project_states.commissioned_by,
                    project_states.on_target_by
                ),
                project_states.observed_on
            )),
            null
        )::integer as year,
        if(
            project_states.is_started,
            year(coalesce(
                project_states.started_by,
                least(project_states.commissioned_by, project_states.on_target_by),
                project_states.observed_on
            )),
            null
        ) as started_year,
    from project_states
    inner join zone_of
        on
            project_states.campaign = zone_of.campaign
            and project_states.zone_id = zone_of.area_id
),

marked as (
    select
        *,
        is_signed and signed_by is not null as has_day,
        coalesce(has_day and started_year <= year, false) as is_same_year,
        coalesce(has_day and started_year <= year + 1, false) as is_next_year,
        has_day and investment_cny > 0 and expected_output_cny is not null as has_output,
    from dated
)

select
    campaign,
    synthetic,
    whole_id as zone_id,
    year,
    count(*) filter (where is_signed) as projects,
    count(*) filter (where has_day) as signed,
    count(*) filter (where is_same_year) as started_same_year,
    count(*) filter (where is_next_year) as started_next_year,
    count(investment_cny) filter (where has_day) as with_investment,
    -- To half a fen, so that equal medians are equal however they were come by.
    round(median(investment_cny::double) filter (where has_day) / 1e8, 11)
        as median_investment,
    try_cast(sum(investment_cny) filter (where has_day) as decimal(18, 2))
        as investment_cny,
    try_cast(
        coalesce(sum(investment_cny) filter (where is_same_year), 0) as decimal(18, 2)
    ) as started_same_year_investment_cny,
    try_cast(
        coalesce(sum(investment_cny) filter (where is_next_year), 0) as decimal(18, 2)
    ) as started_next_year_investment_cny,
    count(*) filter (where has_output) as with_output,
    try_cast(sum(investment_cny) filter (where has_output) as decimal(18, 2))
        as output_investment_cny,
    try_cast(sum(expected_output_cny) filter (where has_output) as decimal(18, 2))
        as expected_output_cny,
    count(commitment) filter (where has_day) as commitment_known,
    count(*) filter (where has_day and commitment) as commitment,
    count(standard_land) filter (where has_day) as standard_land_known,
    count(*) filter (where has_day and standard_land) as standard_land,
    count(full_agency) filter (where has_day) as full_agency_known,
    count(*) filter (where has_day and full_agency) as full_agency,
    max(observed_on) as observed_on,
from marked
group by all
