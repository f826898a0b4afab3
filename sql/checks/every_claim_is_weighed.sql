-- every_claim_is_weighed: each claim known on the as-of day stands behind just
-- one fact: claims in = claims behind facts.
with

counted as (
    select campaign, sum(claims) as behind_facts
    from facts
    group by campaign
)

select known.campaign, known.claims as known_claims, counted.behind_facts
from (select campaign, count(*) as claims from known_claims group by campaign) as known
left join counted using (campaign)
where known.claims is distinct from counted.behind_facts
