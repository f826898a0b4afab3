-- How much of each provincial total do the published cities explain?
-- zh: 全省总数有多少能由各市数字解释？
--
-- row:      a provincial total of a round, of which at least one city is known
-- key:      campaign, universe, round, stage, metric
--
-- columns:
--   campaign        VARCHAR  campaign
--   universe        VARCHAR  which projects are counted
--   round           VARCHAR  round
--   stage           VARCHAR  stage
--   metric          VARCHAR  metric
--   total           DECIMAL(18,4) [projects or CNY]  published total
--   parts_sum       DECIMAL(18,4) [projects or CNY]  sum of the known cities
--   explained       DOUBLE [ratio]  parts_sum / total
--   parts_known     BIGINT  cities known
--   parts_expected  BIGINT  cities there are
--
-- While cities are missing the rest is unknown, not zero; above 1 is a contradiction worth
-- a look.
select r.campaign, r.universe, r.period_id as round, r.stage, r.metric, r.total, r.parts_sum, (r.parts_sum / r.total)::double as explained, r.parts_known, r.parts_expected
from reconciliation as r
inner join areas as a on r.campaign = a.campaign and r.area_id = a.area_id
where r.kind = 'areas' and r.period = 'round' and a.level = 'province' and r.total > 0 and r.parts_known > 0
order by explained desc, r.campaign, r.universe, round, r.stage, r.metric;
