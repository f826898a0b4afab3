-- facts_hold_a_claimed_value: a fact is the value of its claim, within what is
-- claimed, and says conflict only where claims differ.
select facts.campaign, facts.claim_id, facts.value, facts.low, facts.high, facts.agreement
from facts
inner join claims using (campaign, claim_id)
where
    facts.value <> claims.value
    or facts.value not between facts.low and facts.high
    or (facts.agreement = 'conflict' and facts.low = facts.high)
    or (facts.agreement = 'single') <> (facts.voices = 1 and facts.agreement <> 'conflict')
