-- synthetic_is_apart: a source is generated or real as a whole, its sheets say the
-- same as its projects, and no project has rows of both kinds: generated rows never
-- stand in a figure of real ones.
with

kinds as (
    select distinct campaign, source_id, synthetic
    from projects
    union
    select distinct campaign, source_id, synthetic
    from ledger_sheets
),

mixed as (
    select campaign
    from kinds
    group by campaign
    having count(distinct synthetic) > 1
),

-- Only a campaign with both kinds can mix them in one project.
both_kinds as (
    select projects.campaign, projects.project_id
    from projects
    inner join mixed using (campaign)
    group by all
    having count(distinct projects.synthetic) > 1
)

select campaign, 'source' as what, source_id as key
from kinds
group by all
having count(distinct synthetic) > 1
union all
select campaign, 'project' as what, project_id as key
from both_kinds
