-- The projects as understood. Amounts in 亿元; a date that the ledger only plans is NULL.
select name, zone_id, investment_cny / 1e8 as investment_yi, approximate, signed_on, started_on, commissioned_on, signed_round, flags
from projects
where synthetic
order by line
