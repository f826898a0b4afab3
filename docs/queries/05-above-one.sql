-- Which cities published more starts than signings for one period, and what does that mean?
-- zh: 哪些市某期开工多于签约？
--
-- row:      a city, universe and period
-- key:      campaign, city_id, universe, period, period_id
-- basis:    published_flow
--
-- columns:
--   campaign     VARCHAR  campaign
--   city_id      VARCHAR  city
--   city         VARCHAR  its name
--   universe     VARCHAR  which projects are counted
--   period       VARCHAR  kind of period
--   period_id    VARCHAR  period
--   signed       BIGINT [projects]  signed
--   started      BIGINT [projects]  started
--   start_ratio  DOUBLE [ratio]  started / signed
--   sources      BIGINT  claims that it rests on
--
-- Above 1 is no mistake: the starts of a round come from signings of earlier ones. It is
-- not a conversion.
select campaign, city_id, city, universe, period, period_id, signed, started, start_ratio, len(claim_ids) as sources
from city_conversion
where basis = 'published_flow' and start_ratio > 1
order by start_ratio desc, campaign, city_id, universe, period, period_id;
