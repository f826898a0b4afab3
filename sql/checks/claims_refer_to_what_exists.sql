-- claims_refer_to_what_exists: the area, source and round of every claim are in
-- their tables.
select
    claims.campaign, claims.claim_id, claims.area_id, claims.source_id, claims.round,
from claims
left join areas on claims.campaign = areas.campaign and claims.area_id = areas.area_id
left join sources
    on claims.campaign = sources.campaign and claims.source_id = sources.source_id
left join rounds on claims.campaign = rounds.campaign and claims.round = rounds.round
where
    areas.area_id is null
    or sources.source_id is null
    or (claims.round is not null and rounds.round is null)
