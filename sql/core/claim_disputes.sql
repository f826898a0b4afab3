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
    select
        'value' as kind,
        campaign, period, period_id, area_id, universe, stage, metric, method,
        claim_id as held_claim_id,
    from facts
    where agreement = 'conflict'
    union all
    select
        'definition' as kind,
        facts.campaign, facts.period, facts.period_id, facts.area_id, facts.universe,
        facts.stage, facts.metric, facts.method,
        facts.claim_id as held_claim_id,
    from facts
    inner join several_universes using (campaign, period, period_id, area_id, stage, metric)
)

select
    disputed.campaign,
    disputed.kind,
    known_claims.claim_id,
    known_claims.claim_id = disputed.held_claim_id as is_held,
from disputed
inner join known_claims
    on
        disputed.campaign = known_claims.campaign
        and disputed.period = known_claims.period
        and disputed.period_id = known_claims.period_id
        and disputed.area_id = known_claims.area_id
        and disputed.universe = known_claims.universe
        and disputed.stage = known_claims.stage
        and disputed.metric = known_claims.metric
        and disputed.method is not distinct from known_claims.method
