-- published_rates_agree: a published target rate 达效率 equals actual over
-- expected output where both are published for the same area, period and
-- universe, to the last digit printed but one.
--
-- blocks: no
with

side_by_side as (
    select
        campaign, area_id, universe, period_id,
        max(value) filter (where metric = 'target_rate') as target_rate,
        max(value) filter (where metric = 'actual_output' and stage = 'commissioned') as actual,
        max(value) filter (where metric = 'annual_output' and stage = 'commissioned')
            as expected,
    from facts
    group by all
)

select campaign, area_id, universe, period_id, target_rate, actual, expected
from side_by_side
where abs(target_rate - actual / nullif(expected, 0)) > 0.0005
