-- sheets: the sheets of the ledgers that gave rows, by the day for which they speak.
select
    ledger_sheets.campaign,
    ledger_sheets.source_id,
    regexp_extract(ledger_sheets.file, '[^/\\]*$') as file,
    ledger_sheets.sheet,
    ledger_sheets.as_of::varchar as as_of,
    ledger_sheets.synthetic,
    ledger_sheets.rows_read::double as rows_read,
    ledger_sheets.rows_loaded::double as rows_loaded,
    ledger_sheets.rows_quarantined::double as rows_quarantined,
    ledger_sheets.rows_duplicate::double as rows_duplicate,
    sources.sha256,
from ledger_sheets
inner join sources using (campaign, source_id)
where sources.kind = 'ledger'
order by
    ledger_sheets.campaign, ledger_sheets.synthetic, ledger_sheets.as_of desc nulls last,
    ledger_sheets.file, ledger_sheets.sheet
