-- In which years were more projects started than signed in the whole province?
-- zh: 哪些年份开工数多于签约数？
--
-- row:      a campaign, universe and year with both figures
-- key:      campaign, universe, year
-- basis:    published_flow
--
-- columns:
--   campaign      VARCHAR  campaign
--   universe      VARCHAR  which projects are counted
--   year          VARCHAR  year
--   signed        BIGINT [projects]  signed
--   started       BIGINT [projects]  started
--   start_ratio   DOUBLE [ratio]  started / signed
--   has_conflict  BOOLEAN  whether sources disagree
--
-- A flow: what starts in a year was signed earlier too, so the ratio may pass 1 and is no
-- share of the year's signings.
select campaign, universe, period_id as year, signed, started, start_ratio, has_conflict
from area_conversion
where level = 'province' and basis = 'published_flow' and period = 'annual' and start_ratio is not null
order by start_ratio desc, campaign, universe, year;
