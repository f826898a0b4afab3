-- spans: the years and spans of an area beside the rounds, and what they leave
-- over for the rounds that are missing.
select
    'span' as kind,
    period_id as label,
    signed::double as signed,
    started::double as started,
    commissioned::double as commissioned,
    signed_investment_cny::double / 1e8 as signed_yi,
    started_investment_cny::double / 1e8 as started_yi,
    commissioned_investment_cny::double / 1e8 as commissioned_yi,
    has_conflict,
    has_doubt,
from area_conversion
where
    campaign = $campaign and area_id = $area
    and period in ('annual', 'cumulative') and universe = 'as_published'
union all
select
    'residual' as kind,
    array_to_string(any_value(rounds_missing), ' + ') as label,
    max(residual) filter (where stage = 'signed' and metric = 'projects')::double,
    max(residual) filter (where stage = 'started' and metric = 'projects')::double,
    max(residual) filter (where stage = 'commissioned' and metric = 'projects')::double,
    max(residual) filter (where stage = 'signed' and metric = 'investment')::double / 1e8,
    max(residual) filter (where stage = 'started' and metric = 'investment')::double / 1e8,
    max(residual) filter (where stage = 'commissioned' and metric = 'investment')::double / 1e8,
    bool_or(status = 'derived_from_conflict'),
    false,
from span_residuals
where campaign = $campaign and area_id = $area and universe = 'as_published'
group by period, period_id, rounds_missing
order by kind desc, label
