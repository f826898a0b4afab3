-- facts_trace_to_source: every fact leads to a claim and to a source that is
-- named, and that has an address or says why none is known.
select facts.campaign, facts.claim_id, claims.source_id, sources.publisher, sources.url
from facts
left join claims
    on facts.campaign = claims.campaign and facts.claim_id = claims.claim_id
left join sources
    on claims.campaign = sources.campaign and claims.source_id = sources.source_id
where
    sources.publisher is null
    or (sources.url is null and sources.note is null)
