-- moved_projects: projects that one zone's ledgers ceased to have and another's took up.
-- The id of a project holds its place, so that a project that moves has two; the code
-- that an office gave it tells that they are one, and from then on only the later counts.
--
-- A code of at least six digits, which the later id was not known by before the earlier
-- one vanished, and the same name or investor: codes that zones count for themselves say
-- nothing. A project that is taken up in several places at once has not moved.
--
-- grain:    campaign, synthetic, project_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  generated rows
--   project_id       VARCHAR  project, under its earlier id
--   next_project_id  VARCHAR  the same under its later id
--   vanished_as_of   DATE     day of the edition that lacks it
--   moved_as_of      DATE     day of the edition that took it up
with

vanished as (
    select campaign, synthetic, project_id, max(vanished_as_of) as vanished_as_of,
    from edition_rows
    where vanished_as_of is not null
    group by all
),

departed as (
    select
        projects.campaign, projects.synthetic, projects.project_id, projects.code,
        any_value(projects.name) as name,
        any_value(projects.investor) as investor,
        any_value(vanished.vanished_as_of) as vanished_as_of,
    from projects
    inner join vanished using (campaign, synthetic, project_id)
    where length(regexp_replace(projects.code, '[^0-9]', '', 'g')) >= 6
    group by all
    having max(projects.as_of) < any_value(vanished.vanished_as_of)
),

arrived as (
    select
        departed.campaign, departed.synthetic, departed.project_id, departed.vanished_as_of,
        projects.project_id as next_project_id,
        min(projects.as_of) as moved_as_of,
    from departed
    inner join projects
        on
            departed.campaign = projects.campaign
            and departed.synthetic = projects.synthetic
            and departed.code = projects.code
    where
        departed.project_id <> projects.project_id
        and (departed.name = projects.name or departed.investor = projects.investor)
    group by all
    having min(projects.as_of) >= departed.vanished_as_of
)

select
    campaign,
    synthetic,
    project_id,
    any_value(next_project_id) as next_project_id,
    any_value(vanished_as_of) as vanished_as_of,
    any_value(moved_as_of) as moved_as_of,
from arrived
group by all
having count(*) = 1
