-- claims_behind: the claims of both sides, each beside itself on the other one.
create or replace temp table claims_behind as
with

was as (
    select {{range .Figure}}c.{{.}}, {{end}}c.claim_id, c.value_as_published, c.unit, c.value, c.source_id, s.publisher, s.published_on, s.url,
    from {{.WasClaims}} as c
    left join {{.WasSources}} as s on c.campaign = s.campaign and c.source_id = s.source_id
),

is_now as (
    select {{range .Figure}}c.{{.}}, {{end}}c.claim_id, c.value_as_published, c.unit, c.value, c.source_id, s.publisher, s.published_on, s.url,
    from {{.IsClaims}} as c
    left join {{.IsSources}} as s on c.campaign = s.campaign and c.source_id = s.source_id
)

select
    {{range .Figure}}coalesce(is_now.{{.}}, was.{{.}}) as {{.}}, {{end}}
    claim_id,
    case
        when was.source_id is null then 'added'
        when is_now.source_id is null then 'removed'
        when was.value is distinct from is_now.value or was.value_as_published is distinct from is_now.value_as_published then 'changed'
        else 'same'
    end as change,
    was.value_as_published || coalesce(if(regexp_matches(was.unit, '^[A-Za-z]'), ' ', '') || was.unit, '') as was,
    is_now.value_as_published || coalesce(if(regexp_matches(is_now.unit, '^[A-Za-z]'), ' ', '') || is_now.unit, '') as is_now,
    coalesce(is_now.source_id, was.source_id) as source_id,
    coalesce(is_now.publisher, was.publisher) as publisher,
    coalesce(is_now.published_on, was.published_on) as published_on,
    coalesce(is_now.url, was.url) as url,
from was
full join is_now using ({{range .Figure}}{{if ne . "method"}}{{.}}, {{end}}{{end}}claim_id)
