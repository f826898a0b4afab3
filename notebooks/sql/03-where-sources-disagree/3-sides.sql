-- Every claim of the figures that are disputed, with its page.
select k.period_id, k.area, k.stage, k.metric, k.value, k.is_held, k.publisher, k.published_on, k.url
from source_conflicts as k
where k.kind = 'value'
order by k.campaign, k.period_id, k.area_id, k.stage, k.metric, k.is_held desc, k.claim_id
