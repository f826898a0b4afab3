-- reasons: why rows of ledgers were kept back, and what is marked in loaded ones.
select 'quarantine' as what, quarantine.reason, count(*)::double as rows
from quarantine
inner join sources using (campaign, source_id)
where quarantine.campaign = $campaign and sources.kind = 'ledger'
group by all
union all
select 'flags' as what, flags.reason, count(*)::double as rows
from flags
inner join sources using (campaign, source_id)
where flags.campaign = $campaign and sources.kind = 'ledger'
group by all
order by what desc, rows desc, reason
