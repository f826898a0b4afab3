-- projects: the projects named on pages, all of them, and of those in ledgers, as last
-- told, the largest of each zone.
with

last_told as (
    select
        projects.*,
        coalesce(sources.kind = 'ledger', false) as in_ledger,
        sources.publisher,
        sources.url,
    from projects
    left join sources using (campaign, source_id)
    qualify
        row_number() over (
            partition by projects.campaign, projects.synthetic, projects.project_id
            order by projects.as_of desc nulls last, projects.source_id, projects.sheet, projects.line
        ) = 1
)

select
    campaign,
    project_id,
    name,
    zone_id,
    city_id,
    county_id,
    industry,
    investor,
    investment_cny::double as investment_cny,
    approximate,
    stage,
    signed_on::varchar as signed_on,
    started_on::varchar as started_on,
    commissioned_on::varchar as commissioned_on,
    round,
    as_of::varchar as as_of,
    sheet,
    line::double as line,
    synthetic,
    in_ledger,
    source_id,
    publisher,
    url,
    note,
    if(in_ledger, count(*) over zone, 1)::double as in_zone,
from last_told
window zone as (partition by campaign, synthetic, in_ledger, zone_id)
qualify
    not in_ledger
    or zone_id is not null and row_number() over (
        partition by campaign, synthetic, in_ledger, zone_id
        order by investment_cny desc nulls last, project_id
    ) <= $most
order by
    campaign, synthetic, in_ledger, zone_id, investment_cny desc nulls last, name, project_id
