-- Of the projects signed in a round, what share had started within twelve months?
-- zh: 某期签约项目一年内开工多少？
--
-- row:      a round of signing
-- key:      campaign, synthetic, signed_round
-- basis:    ledger_cohort
-- needs:    ledgers
--
-- columns:
--   campaign      VARCHAR  campaign
--   synthetic     BOOLEAN  generated ledger
--   signed_round  VARCHAR  round of signing
--   projects      BIGINT [projects]  signed in it, as the ledgers know
--   observed      BIGINT [projects]  of them followed for twelve months
--   started       BIGINT [projects]  of these started by then
--   start_ratio   DOUBLE [ratio]  started / observed; NULL when none was followed so long
--   is_complete   BOOLEAN  whether all were followed so long
--
-- A cohort: the same projects followed from their signing, in [0, 1]. It speaks of the
-- ledgers that were loaded only.
select campaign, synthetic, signed_round, projects, observed, started, start_ratio, is_complete
from cohort_funnel
where months = 12
order by campaign, synthetic, signed_round;
