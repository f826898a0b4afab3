-- Which projects moved the last monthly bulletin, and how?
-- zh: 最近一次月报中哪些项目带来了变化？
--
-- row:      a project that moved
-- key:      campaign, synthetic, month, project_id
-- basis:    ledger_cohort
-- needs:    ledgers
--
-- columns:
--   campaign       VARCHAR  campaign
--   synthetic      BOOLEAN  generated ledger
--   month          DATE  month end
--   project_id     VARCHAR  project
--   name           VARCHAR  its name
--   zone_id        VARCHAR  zone
--   moves          VARCHAR[]  what happened
--   investment_yi  DECIMAL(18,4) [亿元]  its investment; NULL when the ledger has none
--   source_id      VARCHAR  the ledger that tells
--
-- A move is what the ledgers told anew that month; its day may lie earlier.
select campaign, synthetic, month, project_id, name, zone_id, moves, (investment_cny / 1e8)::decimal(18, 4) as investment_yi, source_id
from progress_moves
qualify month = max(month) over (partition by campaign, synthetic)
order by campaign, synthetic, investment_cny desc nulls last, project_id;
