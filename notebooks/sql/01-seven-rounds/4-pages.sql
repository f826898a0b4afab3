-- The claims behind one figure of the series.
select c.value_as_published, c.unit, c.claim_id = t.claim_id as held, s.publisher, s.published_on, s.url
from trend_series as t
inner join claims as c on t.campaign = c.campaign and list_contains(t.claim_ids, c.claim_id)
inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
where t.campaign = 'shanxi' and t.area_id = '140000' and t.round = '2021-1' and t.stage = 'signed' and t.metric = 'projects'
order by held desc, s.published_on, c.claim_id
