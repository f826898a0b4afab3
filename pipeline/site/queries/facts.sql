-- facts: every fact, with the claim held.
select
    facts.campaign,
    facts.period,
    facts.period_id,
    facts.round,
    facts.area_id,
    facts.universe,
    facts.stage,
    facts.metric,
    facts.method,
    facts.value::double as value,
    facts.low::double as low,
    facts.high::double as high,
    facts.approximate,
    facts.claim_id,
    facts.claims,
    facts.voices,
    facts.agreement,
    facts.doubt,
from facts
order by
    facts.campaign,
    coalesce(facts.period_to, facts.period_from),
    facts.period_id,
    facts.area_id,
    list_position(
        ['projects', 'investment', 'annual_output', 'actual_output'], facts.metric
    ) nulls last,
    facts.metric,
    list_position(
        ['reserved', 'signed', 'started', 'commissioned', 'on_target', 'total'], facts.stage
    ) nulls last,
    facts.universe,
    facts.method
