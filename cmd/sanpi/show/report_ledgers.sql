-- report_ledgers: whether a campaign has real and generated ledgers with rows, and the
-- last day for which each speak.
select ledger_sheets.synthetic, max(ledger_sheets.as_of) as as_of
from ledger_sheets
inner join sources using (campaign, source_id)
where
    ledger_sheets.campaign = $campaign
    and sources.kind = 'ledger'
    and ledger_sheets.rows_loaded > 0
group by ledger_sheets.synthetic
order by ledger_sheets.synthetic
