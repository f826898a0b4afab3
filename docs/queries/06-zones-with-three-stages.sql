-- For which zones are all three stages of one period published?
-- zh: 哪些开发区同一期三个阶段都有公布？
--
-- row:      a zone, universe and period
-- key:      campaign, zone_id, universe, period, period_id
-- basis:    published_flow
--
-- columns:
--   campaign       VARCHAR  campaign
--   zone_id        VARCHAR  zone
--   zone           VARCHAR  its name
--   zone_type      VARCHAR  its type
--   universe       VARCHAR  which projects are counted
--   period         VARCHAR  kind of period
--   period_id      VARCHAR  period
--   signed         BIGINT [projects]  signed
--   started        BIGINT [projects]  started
--   commissioned   BIGINT [projects]  commissioned
--   overall_ratio  DOUBLE [ratio]  commissioned / signed
--
-- Few zones print all three: what is not here was not published together, and is not low.
select campaign, zone_id, zone, zone_type, universe, period, period_id, signed, started, commissioned, overall_ratio
from zone_conversion
where basis = 'published_flow' and signed is not null and started is not null and commissioned is not null
order by campaign, zone_id, universe, period, period_id;
