-- progress: the monthly rates of every area, of one campaign and kind of ledgers.
select
    month::varchar as month,
    level,
    key,
    name,
    name_en,
    status = 'reported' as reported,
    projects::double as projects,
    signed::double as signed,
    started_of_signed::double as started_of_signed,
    started::double as started,
    commissioned::double as commissioned,
    outputs::double as outputs,
    -- A sum over no project is not known, and not zero.
    if(outputs > 0, expected_output_cny, null)::double as expected_output_cny,
    if(outputs > 0, actual_output_cny, null)::double as actual_output_cny,
    start_rate,
    commission_rate,
    target_rate,
    start_change,
    commission_change,
    target_change,
    start_rank::double as start_rank,
    commission_rank::double as commission_rank,
    target_rank::double as target_rank,
    ranked_in,
from progress_bulletin
where campaign = $campaign and synthetic = $synthetic
order by
    level,
    list_position(['industrial', 'agriculture', 'tourism'], ranked_in) nulls last,
    key,
    month
