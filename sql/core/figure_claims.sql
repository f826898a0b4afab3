-- figure_claims: each known claim beside the claim that is held for its figure,
-- which is the figure of one period, area, universe, stage, metric and method.
--
-- Undoubted goes before doubted, exact before approximate, then trust and directness,
-- what a person has read before what only the rules have, and the later publication;
-- the id only breaks ties the same way in every run.
--
-- grain:    campaign, claim_id
--
-- columns:
--   campaign       VARCHAR  campaign
--   claim_id       VARCHAR  claim
--   held_claim_id  VARCHAR  claim held for the same figure; the claim itself when it is the one
select
    campaign,
    claim_id,
    first_value(claim_id) over (
        partition by
            campaign, period, period_id, area_id, universe, stage, metric, method
        order by
            is_doubted, approximate, trust, directness_rank, is_unread,
            published_on desc nulls last, claim_id
    ) as held_claim_id,
from known_claims
