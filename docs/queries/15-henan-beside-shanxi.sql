-- How do the rounds of Henan stand beside those of Shanxi?
-- zh: 河南与山西各期对照
--
-- row:      a campaign, year, stage and universe of provincial rounds
-- key:      campaign, year, stage, universe
--
-- columns:
--   campaign           VARCHAR  campaign
--   year               INTEGER  year of the rounds
--   stage              VARCHAR  stage
--   universe           VARCHAR  which projects are counted
--   rounds_known       BIGINT  rounds of the year with a figure
--   rounds             BIGINT  rounds of the year
--   projects_at_least  BIGINT [projects]  sum of the known rounds
--
-- The provinces count different things (see universes) and hold another number of rounds a
-- year: compare shapes, not sums. Ids such as 2021-1 repeat, so every join uses the
-- campaign.
with

held as (
    select campaign, year, count(*) as rounds,
    from rounds
    where campaign in ('shanxi', 'henan')
    group by campaign, year
)

select
    f.campaign, r.year, f.stage, f.universe, count(*) as rounds_known, any_value(held.rounds) as rounds, sum(f.value)::bigint as projects_at_least,
from facts as f
inner join rounds as r on f.campaign = r.campaign and f.round = r.round
inner join areas as a on f.campaign = a.campaign and f.area_id = a.area_id
inner join held on r.campaign = held.campaign and r.year = held.year
where a.level = 'province' and f.period = 'round' and f.metric = 'projects' and f.stage in ('signed', 'started', 'commissioned')
group by f.campaign, r.year, f.stage, f.universe
order by r.year, f.stage, f.campaign, f.universe;
