-- Of the changed rows of {{.Name}}, how many differ in each column.
with

was as (select {{range .Keys}}{{.Was}} as {{.Alias}}, {{end}}{{range .Values}}{{.Was}} as {{.Alias}}, {{end}} from {{.Was}}),

is_now as (select {{range .Keys}}{{.Is}} as {{.Alias}}, {{end}}{{range .Values}}{{.Is}} as {{.Alias}}, {{end}} from {{.Is}})

select {{range .Values}}
    count(*) filter (was.{{.Alias}} is distinct from is_now.{{.Alias}}), {{end}}
from (from differing where not added and not removed) as differing
inner join was on {{range $i, $k := .Keys}}{{if $i}} and {{end}}differing.{{$k.Alias}} {{$k.Equals}} was.{{$k.Alias}}{{end}}
inner join is_now on {{range $i, $k := .Keys}}{{if $i}} and {{end}}differing.{{$k.Alias}} {{$k.Equals}} is_now.{{$k.Alias}}{{end}}
