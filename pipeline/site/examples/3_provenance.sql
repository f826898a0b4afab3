select claims.value_as_published, claims.unit, sources.publisher, sources.origin, sources.kind, sources.url
from trend_series
inner join claims
    on
        trend_series.campaign = claims.campaign
        and list_contains(trend_series.claim_ids, claims.claim_id)
inner join sources
    on claims.campaign = sources.campaign and claims.source_id = sources.source_id
where
    trend_series.campaign = 'shanxi' and trend_series.level = 'province'
    and trend_series.round = '2021-1' and trend_series.stage = 'signed'
    and trend_series.metric = 'investment'
order by sources.trust, sources.publisher
