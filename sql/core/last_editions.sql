-- last_editions: the last edition known in which each project stands. Only where
-- a campaign has several editions: elsewhere every row is the last word, and ten
-- million projects need not be sorted to know it. A project that moved to another zone
-- and has another id there stands in no edition: only the later one counts.
--
-- grain:    campaign, synthetic, project_id
--
-- columns:
--   campaign    VARCHAR  campaign
--   synthetic   BOOLEAN  generated rows
--   project_id  VARCHAR  project
--   edition     INTEGER  the last edition that has it; -1 for one that moved
select
    projects.campaign,
    projects.synthetic,
    projects.project_id,
    if(bool_or(moved_projects.project_id is not null), -1, max(ledger_editions.edition))
        as edition,
from projects
inner join ledger_editions
    on
        projects.campaign = ledger_editions.campaign
        and projects.synthetic = ledger_editions.synthetic
        and projects.source_id = ledger_editions.source_id
        and projects.as_of is not distinct from ledger_editions.as_of
left join moved_projects
    on
        projects.campaign = moved_projects.campaign
        and projects.synthetic = moved_projects.synthetic
        and projects.project_id = moved_projects.project_id
where not ledger_editions.is_only
group by projects.campaign, projects.synthetic, projects.project_id
