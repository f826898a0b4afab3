-- conflicts: the sides of each disagreement, the one held first.
select
    source_conflicts.campaign,
    source_conflicts.kind,
    source_conflicts.period_id,
    source_conflicts.area_id,
    source_conflicts.universe,
    source_conflicts.stage,
    source_conflicts.metric,
    source_conflicts.value::double as value,
    source_conflicts.label,
    source_conflicts.ordinal::double as ordinal,
    source_conflicts.counting,
    coalesce(source_conflicts.is_held, false) as is_held,
    source_conflicts.claim_id,
    -- Of a file of the user's own, the name and not the folder.
    if(
        source_conflicts.url is null,
        regexp_extract(source_conflicts.publisher, '[^/\\]*$'),
        source_conflicts.publisher
    ) as publisher,
    source_conflicts.url,
    source_conflicts.published_on::varchar as published_on,
    source_conflicts.doubt,
    source_conflicts.note,
from source_conflicts
order by
    source_conflicts.campaign,
    list_position(['value', 'round_label', 'definition'], source_conflicts.kind),
    source_conflicts.period_id,
    source_conflicts.area_id,
    source_conflicts.metric,
    list_position(['signed', 'started', 'commissioned', 'total'], source_conflicts.stage),
    source_conflicts.is_held desc,
    source_conflicts.ordinal,
    source_conflicts.value,
    source_conflicts.claim_id
