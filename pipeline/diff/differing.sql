-- One row for each key of {{.Name}} that only one side has, or whose rows differ.
-- Rows are compared by a hash of 64 bits of all their other columns.
create or replace temp table differing as
with

was as (
    select {{range .Keys}}{{.Was}} as {{.Alias}}, {{end}}hash({{range $i, $c := .Values}}{{if $i}}, {{end}}{{$c.Was}}{{else}}1{{end}}) as content,
    from {{.Was}}
),

is_now as (
    select {{range .Keys}}{{.Is}} as {{.Alias}}, {{end}}hash({{range $i, $c := .Values}}{{if $i}}, {{end}}{{$c.Is}}{{else}}1{{end}}) as content,
    from {{.Is}}
)

select
    {{range .Keys}}coalesce(was.{{.Alias}}, is_now.{{.Alias}}) as {{.Alias}}, {{end}}
    was.content is null as added,
    is_now.content is null as removed,
from was
full join is_now on {{range $i, $k := .Keys}}{{if $i}} and {{end}}was.{{$k.Alias}} {{$k.Equals}} is_now.{{$k.Alias}}{{end}}
where was.content is distinct from is_now.content
