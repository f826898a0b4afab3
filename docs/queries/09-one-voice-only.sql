-- Which headline figures of the province rest on one voice only?
-- zh: 全省头条数字中哪些只有一家之言？
--
-- row:      a round, stage and metric
-- key:      round, stage, metric
--
-- columns:
--   round      VARCHAR  round
--   stage      VARCHAR  stage
--   metric     VARCHAR  metric
--   value      DECIMAL(18,4) [projects or CNY]  the value held
--   claims     BIGINT  claims, copies among them
--   publisher  VARCHAR  who published the held one
--   trust      INTEGER  trust in that source, 1 best
--
-- Reposts of one article are one voice. One voice is not wrong; it is unconfirmed.
select f.round, f.stage, f.metric, f.value, f.claims, s.publisher, s.trust
from facts as f
inner join claims as c on f.campaign = c.campaign and f.claim_id = c.claim_id
inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
inner join rounds as r on f.campaign = r.campaign and f.round = r.round
where f.campaign = 'shanxi' and f.area_id = '140000' and f.period = 'round' and f.voices = 1 and r.series_position is not null
    and f.universe = 'as_published' and f.method is null
order by r.series_position, f.stage, f.metric;
