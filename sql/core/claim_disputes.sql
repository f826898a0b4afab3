-- claim_disputes: the figures over which claims quarrel, claim by claim. Kind
-- value: the claims of one figure differ. Kind definition: the same area, period,
-- stage and metric is published for several universes, so the figures differ by
-- what they count.
--
-- grain:    campaign, kind, claim_id
--
-- columns:
--   campaign   VARCHAR  campaign
--   kind       VARCHAR  value or definition
--   claim_id   VARCHAR  claim
--   is_held    BOOLEAN  whether it is the claim held for its figure
with

several_universes as (
    select campaign, period, period_id, area_id, stage, metric
    from facts
    group by all
    having count(distinct universe) > 1 and min(value) <> max(value)
),

disputed as (
    select campaign, 'value' as kind, claim_id as held_claim_id
    from facts
    where agreement = 'conflict'
    union all
    select campaign, 'definition' as kind, claim_id as held_claim_id
    from facts
    inner join several_universes using (campaign, period, period_id, area_id, stage, metric)
)

select
    disputed.campaign,
    disputed.kind,
    figure_claims.claim_id,
    figure_claims.claim_id = disputed.held_claim_id as is_held,
from disputed
inner join figure_claims using (campaign, held_claim_id)
