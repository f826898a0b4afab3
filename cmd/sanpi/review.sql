-- The figures of a campaign that wait for a person, in the columns of reviews.csv.
select
    reviews.review_id,
    '' as decision,
    reviews.reason,
    reviews.quote,
    coalesce(sources.url, sources.publisher) as url,
    reviews.source_id,
    coalesce(reviews.period, '') as period,
    coalesce(reviews.round, '') as round,
    coalesce(reviews.round_label, '') as round_label,
    if(reviews.period = 'round', '', coalesce(reviews.period_from::varchar, '')) as period_from,
    if(reviews.period = 'round', '', coalesce(reviews.period_to::varchar, '')) as period_to,
    coalesce(reviews.area_id, '') as area,
    coalesce(reviews.area_as_published, '') as area_as_published,
    coalesce(reviews.universe, '') as universe,
    coalesce(reviews.stage, '') as stage,
    coalesce(reviews.total_of, '') as total_of,
    coalesce(reviews.metric, '') as metric,
    coalesce(reviews.method, '') as method,
    reviews.value_as_published as value,
    coalesce(reviews.unit, '') as unit,
    if(reviews.approximate, '约', '') as approximate,
    reviews.rule,
    '' as note
from reviews
left join sources
    on reviews.campaign = sources.campaign and reviews.source_id = sources.source_id
where reviews.campaign = $1 and reviews.decision is null
qualify row_number() over (partition by reviews.review_id order by reviews.source_id) = 1
order by reviews.source_id, reviews.review_id
