-- figures_are_plausible: counts are whole, nothing is negative, and a share lies
-- in 0..1.
select campaign, claim_id, source_id, metric, value, unit
from claims
where
    value < 0
    or (metric in ('projects', 'representative_projects') and value <> trunc(value))
    or (metric like 'share_%' and value > 1)
