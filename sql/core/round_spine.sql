-- round_spine: every round of a headline series × area × stage × metric, known
-- or not, so that what is missing is a row. Areas are those of which some round
-- of the series is known, and the area that the campaign belongs to.
--
-- grain:    campaign, round, area_id, stage, metric
--
-- columns:
--   campaign         VARCHAR  campaign
--   round            VARCHAR  round
--   series_position  INTEGER  place of the round in the series
--   held_on          DATE     day of the round; NULL when not known
--   area_id          VARCHAR  area
--   stage            VARCHAR  signed, started or commissioned
--   metric           VARCHAR  projects or investment
with

series as (
    select *
    from known_rounds
    where series_position is not null
),

places as (
    select series.campaign, series.area_id
    from series
    where series.area_id is not null
    union
    select facts.campaign, facts.area_id
    from facts
    inner join series using (campaign, round)
    where
        facts.stage in ('signed', 'started', 'commissioned')
        and facts.metric in ('projects', 'investment')
),

stages as (
    select unnest(['signed', 'started', 'commissioned']) as stage
),

metrics as (
    select unnest(['projects', 'investment']) as metric
)

select
    series.campaign,
    series.round,
    series.series_position,
    series.held_on,
    places.area_id,
    stages.stage,
    metrics.metric,
from series
inner join places using (campaign)
cross join stages
cross join metrics
