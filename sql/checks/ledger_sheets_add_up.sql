-- ledger_sheets_add_up: of every sheet of a ledger, the rows read are those loaded,
-- quarantined, joined to another row, and declared to hold no project.
select
    campaign, source_id, file, sheet, rows_read, rows_loaded, rows_quarantined,
    rows_duplicate, rows_title, rows_header, rows_total, rows_blank, rows_note,
from ledger_sheets
where
    rows_read is distinct from
    rows_loaded + rows_quarantined + rows_duplicate + rows_title + rows_header
    + rows_total + rows_blank + rows_note
