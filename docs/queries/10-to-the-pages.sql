-- On which pages does one number rest?
-- zh: 一个数字出自哪些网页？
--
-- row:      a claim of the figure
-- key:      claim_id
--
-- columns:
--   claim_id      VARCHAR  claim
--   held          BOOLEAN  whether its value is the one held
--   as_published  VARCHAR  as printed
--   unit          VARCHAR  unit as printed
--   publisher     VARCHAR  who published it
--   published_on  DATE  when; NULL when not known
--   trust         INTEGER  trust in the source, 1 best
--   url           VARCHAR  address; NULL for a page without one
--   locator       VARCHAR  where on the page
--
-- Take the round, area, stage and metric of your number into the where clause.
select c.claim_id, c.claim_id = f.claim_id as held, c.value_as_published as as_published, c.unit, s.publisher, s.published_on, s.trust, s.url, c.locator
from facts as f
inner join claims as c
    on f.campaign = c.campaign and f.period = c.period and f.period_id = c.period_id and f.area_id = c.area_id
    and f.universe = c.universe and f.stage = c.stage and f.metric = c.metric and f.method is not distinct from c.method
inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
where f.campaign = 'shanxi' and f.period = 'annual' and f.period_id = '2021' and f.area_id = '140000'
    and f.universe = 'as_published' and f.stage = 'signed' and f.metric = 'investment'
order by held desc, s.published_on, c.claim_id;
