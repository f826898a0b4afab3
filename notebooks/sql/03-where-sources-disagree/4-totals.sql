-- Published totals of stages beside the sum of the stages.
select status, fits, count(*) as totals
from reconciliation
where kind = 'stages'
group by status, fits
order by status, fits
