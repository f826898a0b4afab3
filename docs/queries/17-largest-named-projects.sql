-- What are the largest projects that pages name?
-- zh: 报道点名的最大项目有哪些？
--
-- row:      a named project
-- key:      campaign, project_id, as_of
--
-- columns:
--   campaign       VARCHAR  campaign
--   project_id     VARCHAR  project
--   as_of          DATE  day of the page
--   name           VARCHAR  its name
--   investor       VARCHAR  who builds it; NULL when not told
--   zone_id        VARCHAR  zone; NULL when not told
--   city_id        VARCHAR  city
--   investment_yi  DECIMAL(18,4) [亿元]  announced investment
--   approximate    BOOLEAN  printed as about
--   url            VARCHAR  where; NULL for a page without an address
--
-- Papers name what is remarkable: these are no sample, and projects without a printed
-- amount are left out, not small.
select p.campaign, p.project_id, p.as_of, p.name, p.investor, p.zone_id, p.city_id, (p.investment_cny / 1e8)::decimal(18, 4) as investment_yi, p.approximate, s.url
from projects as p
inner join sources as s on p.campaign = s.campaign and p.source_id = s.source_id
where not p.synthetic and p.investment_cny is not null and s.url is not null
order by p.investment_cny desc, p.campaign, p.project_id, p.as_of
limit 20;
