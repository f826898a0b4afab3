-- Every row has gone somewhere: read = loaded + quarantined + duplicates + without data.
select
    file, rows_read, rows_loaded, rows_quarantined, rows_duplicate,
    rows_title + rows_header + rows_total + rows_blank + rows_note as rows_no_data,
from ledger_sheets
where file like '%ledger.csv'
