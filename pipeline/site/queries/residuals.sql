-- residuals: what a year or span leaves for the rounds that are missing, together.
select
    campaign,
    period_id,
    area_id,
    universe,
    stage,
    metric,
    total::double as total,
    known_sum::double as known_sum,
    residual::double as residual,
    array_to_string(rounds_known, chr(31)) as rounds_known,
    array_to_string(rounds_missing, chr(31)) as rounds_missing,
    has_conflict,
    has_doubt,
    has_approximate,
    array_to_string(claim_ids, chr(31)) as claim_ids,
from span_residuals
order by
    campaign, area_id, period_id, universe, metric desc,
    list_position(['signed', 'started', 'commissioned'], stage)
