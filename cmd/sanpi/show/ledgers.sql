-- ledgers: the sheets of the ledgers loaded, and where their rows went.
select
    ledger_sheets.file,
    ledger_sheets.sheet,
    ledger_sheets.as_of,
    ledger_sheets.synthetic,
    ledger_sheets.rows_read::double as rows_read,
    ledger_sheets.rows_loaded::double as rows_loaded,
    ledger_sheets.rows_quarantined::double as rows_quarantined,
    ledger_sheets.rows_duplicate::double as rows_duplicate,
from ledger_sheets
inner join sources using (campaign, source_id)
where ledger_sheets.campaign = $campaign and sources.kind = 'ledger'
order by ledger_sheets.as_of, ledger_sheets.file, ledger_sheets.sheet
