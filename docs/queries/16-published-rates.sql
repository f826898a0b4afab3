-- Which start, commissioning and target rates were published, and how were they computed?
-- zh: 公布过哪些开工率、投产率、达效率？怎么算的？
--
-- row:      a published rate
-- key:      campaign, period, period_id, area_id, universe, metric, method
--
-- columns:
--   campaign   VARCHAR  campaign
--   period     VARCHAR  kind of period
--   period_id  VARCHAR  period
--   area_id    VARCHAR  area
--   universe   VARCHAR  which projects are counted
--   metric     VARCHAR  which rate
--   method     VARCHAR  what is divided by what
--   rate       DECIMAL(18,4) [ratio]  the rate
--   publisher  VARCHAR  who published it
--   url        VARCHAR  where; NULL for a page without an address
--
-- Rates of different method are never compared: some cities divide commissioned by signed.
select f.campaign, f.period, f.period_id, f.area_id, f.universe, f.metric, f.method, f.value as rate, s.publisher, s.url
from facts as f
inner join claims as c on f.campaign = c.campaign and f.claim_id = c.claim_id
inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
where f.metric in ('start_rate', 'commission_rate', 'target_rate')
order by f.campaign, f.period, f.period_id, f.area_id, f.universe, f.metric, f.method;
