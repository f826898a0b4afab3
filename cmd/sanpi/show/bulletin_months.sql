-- bulletin_months: the months of the bulletin, and whether any ledger speaks for them.
select month, bool_or(status = 'reported') as is_reported
from progress_bulletin
where campaign = $campaign and synthetic = $synthetic
group by month
order by month
