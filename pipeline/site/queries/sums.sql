-- sums: published totals beside the sum of their parts, where both are known.
select
    campaign,
    kind,
    area_id,
    universe,
    period_id,
    stage,
    metric,
    total::double as total,
    parts_sum::double as parts_sum,
    difference::double as difference,
    parts_known::double as parts_known,
    parts_expected::double as parts_expected,
    status,
    fits,
from reconciliation
where status not in ('no_parts', 'no_total')
order by
    list_position(['exceeds', 'differs', 'partial', 'exact'], status),
    campaign, kind, period_id, area_id, universe, metric desc, stage
