-- reform_cells: the signed projects of the ledgers by the reforms that they were
-- signed under: 承诺制 (commitment), 标准地 (standard_land) and 全代办 (full_agency).
-- Counted twice: by zone and year of signing, and by type of zone and the days from
-- signing to start, taken or waited so far (as in duration_counts).
--
-- grain:    campaign, synthetic, cut, zone_id?, year?, zone_type?, outcome?, days?, commitment?, standard_land?, full_agency?
--
-- columns:
--   campaign       VARCHAR  campaign
--   synthetic      BOOLEAN  generated rows
--   cut            VARCHAR  year or duration: which keys are set
--   zone_id        VARCHAR  zone, part or cluster; of cut year
--   year           INTEGER  year of signing; NULL when not known
--   zone_type      VARCHAR  type of the zone; of cut duration; NULL when not known
--   outcome        VARCHAR  event, censored, undated or impossible; of cut duration
--   days           INTEGER  days taken, or waited so far; NULL for undated and impossible
--   commitment     BOOLEAN  under it; NULL when not known
--   standard_land  BOOLEAN  on it; NULL when not known
--   full_agency    BOOLEAN  with it; NULL when not known
--   projects       BIGINT   projects
with

-- Days and outcome go through the grouping as one number, days * 4 + outcome.
packed as (
    select
        project_states.campaign, project_states.synthetic, project_states.zone_id,
        zone_types.zone_type,
        project_states.commitment, project_states.standard_land, project_states.full_agency,
        project_states.signed_on
        + ((project_states.signed_by - project_states.signed_on) // 2)::integer
            as signed_mid,
        project_states.started_on
        + ((project_states.started_by - project_states.started_on) // 2)::integer
            as started_mid,
        -- A span over the turn of a year tells of no year.
        if(
            year(project_states.signed_on) = year(project_states.signed_by),
            year(project_states.signed_on), null
        )::integer as year,
        case
            when signed_mid is null or project_states.is_started and started_mid is null then 2
            when project_states.started_by < project_states.signed_on then 3
            when project_states.is_started then greatest(started_mid - signed_mid, 0) * 4
            else greatest(project_states.observed_on - signed_mid, 0) * 4 + 1
        end::integer as to_started,
    from project_states
    left join zone_types using (campaign, zone_id)
    where project_states.is_signed
),

grouped as (
    select
        campaign, synthetic, zone_id, year, zone_type, to_started,
        commitment, standard_land, full_agency,
        grouping(to_started) = 0 as is_duration,
        count(*) as projects,
    from packed
    group by grouping sets (
        (campaign, synthetic, zone_id, year, commitment, standard_land, full_agency),
        (campaign, synthetic, zone_type, to_started, commitment, standard_land, full_agency)
    )
)

select
    campaign,
    synthetic,
    if(is_duration, 'duration', 'year') as cut,
    zone_id,
    year,
    zone_type,
    if(
        is_duration, ['event', 'censored', 'undated', 'impossible'][to_started % 4 + 1], null
    ) as outcome,
    if(to_started % 4 < 2, to_started // 4, null)::integer as days,
    commitment,
    standard_land,
    full_agency,
    projects,
from grouped
