-- month_rows: what the ledgers said of each project at the end of a month, from the
-- month in which they began to say it up to the one in which they said something
-- else, or nothing. A month has one row of a project, that of its last edition.
--
-- A project that the next edition of its place lacks is out from then on, until it
-- returns: a monthly bulletin counts what the ledger of that month holds. (Cohorts
-- keep such a project, as last seen: see project_states.) Ledgers without a day are in
-- no month.
--
-- grain:    campaign, synthetic, project_id, month
-- stored:   no
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  generated rows
--   project_id       VARCHAR  project
--   month            DATE     last day of the month in which this was said first
--   until_month      DATE     last day of the month from which it holds no longer; NULL when it still does
--   is_last          BOOLEAN  no later edition has the project, under this id or that of another zone
--   zone_id          VARCHAR  zone, part or cluster
--   county_id        VARCHAR  county
--   city_id          VARCHAR  city
--   is_signed        BOOLEAN  known to be signed
--   is_started       BOOLEAN  started, or came further
--   is_commissioned  BOOLEAN  commissioned, or came further
--   expected_output_cny  DECIMAL(18,2)  annual output expected; NULL when not known
--   actual_output_cny    DECIMAL(18,2)  annual output achieved; NULL when not known
--   signed_by        DATE     last day on which it may have been signed; NULL when not known
--   started_by       DATE     last day on which it may have started
--   commissioned_by  DATE     last day on which it may have been commissioned
--   on_target_by     DATE     last day on which it may have reached the expected output
--   as_of            DATE     day for which the row speaks
with

dated as (
    select *, last_day(as_of) as month
    from row_states
    where as_of is not null
),

-- Where a campaign has one edition nothing ends, and nobody sorts ten million rows to
-- know it.
last_of_month as (
    select *
    from dated
    where not is_only
    qualify
        row_number() over (
            partition by campaign, synthetic, project_id, month order by as_of desc
        ) = 1
),

chained as (
    select *, null::date as next_month, null::date as vanished_month, false as is_moved
    from dated
    where is_only
    union all by name
    select
        last_of_month.*,
        lead(last_of_month.month) over (
            partition by
                last_of_month.campaign, last_of_month.synthetic, last_of_month.project_id
            order by last_of_month.month
        ) as next_month,
        last_day(edition_rows.vanished_as_of) as vanished_month,
        moved_projects.project_id is not null as is_moved,
    from last_of_month
    left join edition_rows
        on
            last_of_month.campaign = edition_rows.campaign
            and last_of_month.synthetic = edition_rows.synthetic
            and last_of_month.project_id = edition_rows.project_id
            and last_of_month.as_of = edition_rows.as_of
    left join moved_projects
        on
            last_of_month.campaign = moved_projects.campaign
            and last_of_month.synthetic = moved_projects.synthetic
            and last_of_month.project_id = moved_projects.project_id
)

select
    campaign,
    synthetic,
    project_id,
    month,
    -- least passes over NULL, as is wanted here.
    least(next_month, vanished_month) as until_month,
    next_month is null and not is_moved as is_last,
    zone_id,
    county_id,
    city_id,
    is_signed,
    is_started,
    is_commissioned,
    expected_output_cny,
    actual_output_cny,
    signed_by,
    started_by,
    commissioned_by,
    on_target_by,
    as_of,
from chained
