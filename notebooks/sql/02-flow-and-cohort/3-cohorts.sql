-- SYNTHETIC. Of the projects signed in a round: the share started and commissioned within so many months.
select signed_round, months, projects, observed, is_complete, start_ratio, overall_ratio
from cohort_funnel
where campaign = 'shanxi' and synthetic and months <= 36
order by signed_round, months
