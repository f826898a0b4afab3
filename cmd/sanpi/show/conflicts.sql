-- conflicts: the sides of each disagreement, the one held first.
select
    source_conflicts.kind,
    source_conflicts.period_id,
    source_conflicts.area,
    areas.name_en as area_en,
    universe,
    stage,
    metric,
    value::double / if(metric in ('investment', 'annual_output', 'actual_output'), 1e8, 1) as value,
    label,
    ordinal,
    counting,
    is_held,
    publisher,
    url,
    published_on,
    source_conflicts.doubt,
from source_conflicts
left join areas using (campaign, area_id)
where campaign = $campaign and ($kind = '' or kind = $kind)
order by
    list_position(['value', 'round_label', 'definition'], kind), period_id, source_conflicts.area, metric,
    list_position(['signed', 'started', 'commissioned', 'total'], stage), is_held desc, ordinal
