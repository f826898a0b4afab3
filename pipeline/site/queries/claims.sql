-- claims: every claim with its source, those of a fact in the order in which a reader
-- should look at them. Words are shown of the user's own files only: those of a page with
-- an address belong to its publisher, and stand there. Of a file only the name is told,
-- and not in which folder it lay.
with

told as (
    select *, status = 'extracted' and url is null as is_own
    from sources
)

select
    claims.campaign,
    claims.claim_id,
    claims.period_id,
    claims.area_id,
    claims.area_as_published,
    claims.universe,
    claims.stage,
    claims.metric,
    claims.method,
    claims.value_as_published,
    claims.unit,
    claims.approximate,
    claims.round_label,
    claims.doubt,
    claims.extractor,
    claims.locator,
    if(sources.is_own, claims.quote, null) as quote,
    claims.note,
    claims.source_id,
    sources.kind,
    sources.trust,
    sources.directness,
    sources.origin,
    if(sources.is_own, regexp_extract(sources.publisher, '[^/\\]*$'), sources.publisher)
        as publisher,
    sources.url,
    sources.published_on::varchar as published_on,
    sources.language,
    sources.retrieved_at,
    sources.sha256,
    if(sources.is_own, null, sources.note) as source_note,
    coalesce(sources.is_own, false) as is_own,
from claims
left join told as sources using (campaign, source_id)
order by
    claims.campaign,
    claims.period_id,
    claims.doubt is not null,
    sources.trust,
    sources.published_on nulls last,
    claims.claim_id
