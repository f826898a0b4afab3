-- last_editions: the last edition known in which each project stands. Only where
-- a campaign has several editions: elsewhere every row is the last word, and ten
-- million projects need not be sorted to know it.
--
-- grain:    campaign, synthetic, project_id
--
-- columns:
--   campaign    VARCHAR  campaign
--   synthetic   BOOLEAN  generated rows
--   project_id  VARCHAR  project
--   edition     INTEGER  the last edition that has it
select
    projects.campaign,
    projects.synthetic,
    projects.project_id,
    max(ledger_editions.edition) as edition,
from projects
inner join ledger_editions
    on
        projects.campaign = ledger_editions.campaign
        and projects.synthetic = ledger_editions.synthetic
        and projects.source_id = ledger_editions.source_id
        and projects.as_of is not distinct from ledger_editions.as_of
where not ledger_editions.is_only
group by all
