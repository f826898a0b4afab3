-- missing_is_null: a row of the trend has a value exactly when its status says
-- so, and a published value leads to its claim.
select campaign, round, area_id, stage, metric, status, value, claim_id
from trend_series
where
    (status = 'missing') <> (value is null)
    or (status in ('published', 'conflict')) <> (claim_id is not null)
    or (status = 'derived' and len(claim_ids) < 2)
