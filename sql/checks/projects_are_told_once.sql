-- projects_are_told_once: for one day, the ledgers have one row a project: others were
-- joined to it and stand in duplicates. project_states and its counts rest on this.
with

told as (
    select
        projects.campaign, projects.synthetic, projects.project_id, projects.as_of,
        -- Ledgers without a day are an edition each.
        if(projects.as_of is null, projects.source_id, null) as source_id,
    from projects
    inner join sources
        on projects.campaign = sources.campaign and projects.source_id = sources.source_id
    where sources.kind = 'ledger'
),

-- A number is grouped in half the time and memory of four keys; two keys may share
-- one by chance, so that the rows are looked at again.
suspected as (
    select hash(campaign, synthetic, project_id, as_of, source_id) as fingerprint
    from told
    group by fingerprint
    having count(*) > 1
)

select campaign, synthetic, project_id, as_of, source_id, count(*) as rows
from told
where
    hash(campaign, synthetic, project_id, as_of, source_id)
    in (select fingerprint from suspected)
group by all
having count(*) > 1
