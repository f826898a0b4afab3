-- ledger_rows_are_accounted: each ledger has as many rows in projects, quarantine and
-- duplicates as its sheets say were put there. Rows of datasets whose source is not a
-- ledger are told of elsewhere.
with

ledgers as (
    select campaign, source_id
    from sources
    where kind = 'ledger'
    union
    -- The campaign's own file of projects names a source in each row.
    select campaign, source_id
    from ledger_sheets
    where source_id <> ''
),

said as (
    select
        campaign, source_id, sum(rows_loaded) as loaded,
        sum(rows_quarantined) as quarantined, sum(rows_duplicate) as duplicates,
    from ledger_sheets
    group by all
),

found as (
    select campaign, source_id, 'projects' as relation, count(*) as rows
    from projects
    group by all
    union all
    select campaign, source_id, 'quarantine' as relation, count(*) as rows
    from quarantine
    group by all
    union all
    select campaign, source_id, 'duplicates' as relation, count(*) as rows
    from duplicates
    group by all
),

wanted as (
    select
        ledgers.campaign, ledgers.source_id,
        unnest([
            {relation: 'projects', said: coalesce(said.loaded, 0)},
            {relation: 'quarantine', said: coalesce(said.quarantined, 0)},
            {relation: 'duplicates', said: coalesce(said.duplicates, 0)}
        ], recursive := true),
    from ledgers
    left join said using (campaign, source_id)
)

select
    wanted.campaign, wanted.source_id, wanted.relation, wanted.said,
    coalesce(found.rows, 0) as found,
from wanted
left join found using (campaign, source_id, relation)
where wanted.said <> coalesce(found.rows, 0)
