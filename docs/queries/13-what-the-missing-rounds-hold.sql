-- What must the missing rounds of a year hold, when its total is known?
-- zh: 年度总数减去已知各期，余下多少？
--
-- row:      a total of a year or span of which rounds are missing
-- key:      campaign, period, period_id, area_id, universe, stage, metric
--
-- columns:
--   campaign        VARCHAR  campaign
--   period          VARCHAR  kind of period
--   period_id       VARCHAR  year or span
--   area_id         VARCHAR  area
--   universe        VARCHAR  which projects are counted
--   stage           VARCHAR  stage
--   metric          VARCHAR  metric
--   total           DECIMAL(18,4) [projects or CNY]  published total
--   known_sum       DECIMAL(18,4) [projects or CNY]  of the rounds known
--   residual        DECIMAL(18,4) [projects or CNY]  what the missing rounds hold together
--   rounds_missing  VARCHAR[]  those rounds
--   status          VARCHAR  derived, or derived_from_conflict when sources disagree
--
-- Derived, not published: it inherits every doubt of the total and of the rounds, and is
-- not spread over the missing rounds.
select campaign, period, period_id, area_id, universe, stage, metric, total, known_sum, residual, rounds_missing, status
from span_residuals
order by campaign, period, period_id, area_id, universe, stage, metric;
