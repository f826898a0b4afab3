-- SYNTHETIC. The province's rates by month end, from the rows of each edition.
with

states as (
    select
        as_of as month,
        signed_on <= as_of as is_signed,
        started_on <= as_of as is_started,
        commissioned_on <= as_of as is_commissioned,
        expected_output_cny,
        actual_output_cny,
    from projects
    where campaign = 'shanxi' and synthetic
)

select
    month,
    count(*) filter (is_signed) as signed,
    count(*) filter (is_started) as started,
    count(*) filter (is_commissioned) as commissioned,
    count(*) filter (is_signed and is_started) / count(*) filter (is_signed) as start_rate,
    count(*) filter (is_commissioned) / count(*) filter (is_started) as commission_rate,
    (sum(actual_output_cny) filter (is_commissioned and expected_output_cny is not null)
        / sum(expected_output_cny) filter (is_commissioned and actual_output_cny is not null))::double as target_rate,
from states
group by month
order by month
