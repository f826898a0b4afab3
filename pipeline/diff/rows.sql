-- The first differing rows of {{.Name}}: changed ones before removed and added ones,
-- each in the order of its key.
with

was as (select {{range .Keys}}{{.Was}} as {{.Alias}}, {{end}}{{range .Values}}{{.Was}} as {{.Alias}}, {{end}} from {{.Was}}),

is_now as (select {{range .Keys}}{{.Is}} as {{.Alias}}, {{end}}{{range .Values}}{{.Is}} as {{.Alias}}, {{end}} from {{.Is}}),

first_ones as (
    from differing
    order by added or removed, added, {{range $i, $k := .Keys}}{{if $i}}, {{end}}{{$k.Alias}}{{end}}
    {{with .Limit}}limit {{.}}{{end}}
)

select
    case when d.added then 'added' when d.removed then 'removed' else 'changed' end,
    {{range .Keys}}d.{{.Alias}}::varchar, {{end}}
    {{range .Values}}was.{{.Alias}}::varchar, is_now.{{.Alias}}::varchar, {{end}}
from first_ones as d
left join was on {{range $i, $k := .Keys}}{{if $i}} and {{end}}d.{{$k.Alias}} {{$k.Equals}} was.{{$k.Alias}}{{end}}
left join is_now on {{range $i, $k := .Keys}}{{if $i}} and {{end}}d.{{$k.Alias}} {{$k.Equals}} is_now.{{$k.Alias}}{{end}}
order by d.added or d.removed, d.added, {{range $i, $k := .Keys}}{{if $i}}, {{end}}d.{{$k.Alias}}{{end}}
