-- cohorts: of the projects signed, the share started and commissioned after so many
-- months, of one campaign and kind of ledgers.
select
    months::double as months,
    observed::double as observed,
    is_complete,
    start_ratio,
    overall_ratio,
from cohort_funnel
where campaign = $campaign and synthetic = $synthetic and signed_round = 'all'
order by months
