-- parts_do_not_exceed_totals: the parts of a published total add up to no more
-- than it. A warning: papers do print such totals.
--
-- blocks: no
select campaign, kind, area, universe, period_id, stage, metric, total, parts_sum
from reconciliation
where status = 'exceeds'
