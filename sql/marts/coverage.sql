-- coverage: what is published for which round, area, stage and metric: the full
-- spine, so that what is missing can be counted. Areas are the province of the
-- round, its cities, and every other area of it that any figure names.
--
-- grain:    campaign, round, area_id, stage, metric
-- refs:     campaign, area_id -> areas.campaign, area_id
-- refs:     campaign, round -> rounds.campaign, round
--
-- columns:
--   campaign         VARCHAR  campaign
--   round            VARCHAR  round
--   series_position  INTEGER  place in the headline series; NULL outside it
--   area_id          VARCHAR  area
--   area             VARCHAR  name of the area
--   level            VARCHAR  level of the area
--   verified         BOOLEAN  false for a zone that no public source shows
--   stage            VARCHAR  signed, started or commissioned
--   metric           VARCHAR  projects, investment or annual_output
--   status           VARCHAR  published, conflict, span_only (only an undoubted figure of a year or span that covers the round) or missing
--   claims           BIGINT   claims for this figure
--   voices           BIGINT   the most independent articles that give it
--   universes        VARCHAR[]  which projects the figures count
--   spans            VARCHAR[]  keys of years and spans that cover the round and have an undoubted figure
with

round_figures as (
    select
        campaign, round, area_id, stage, metric,
        sum(claims)::bigint as claims,
        max(voices)::bigint as voices,
        bool_or(agreement = 'conflict') as is_conflict,
        list(universe order by universe) as universes,
    from facts
    where period = 'round'
    group by all
),

span_figures as (
    select
        facts.campaign, period_rounds.round, facts.area_id, facts.stage, facts.metric,
        list(distinct facts.period_id order by facts.period_id) as spans,
    from facts
    inner join area_provinces using (campaign, area_id)
    inner join period_rounds using (campaign, period, period_id, province_id)
    -- Figures of more than the campaign are context and cover none of its rounds;
    -- a doubted one may be of another period.
    where facts.universe <> 'all_projects' and facts.doubt is null
    group by all
),

located as (
    select areas.*, area_provinces.province_id
    from areas
    inner join area_provinces using (campaign, area_id)
),

places as (
    select
        known_rounds.campaign, known_rounds.round, known_rounds.series_position,
        located.area_id,
    from known_rounds
    inner join located as holder
        on
            known_rounds.campaign = holder.campaign
            and known_rounds.area_id = holder.area_id
    inner join located
        on
            holder.campaign = located.campaign
            and holder.province_id = located.province_id
    where
        located.level in ('province', 'city')
        or located.area_id in (
            select facts.area_id
            from facts
            where facts.campaign = located.campaign
        )
),

stages as (
    select unnest(['signed', 'started', 'commissioned']) as stage
),

metrics as (
    select unnest(['projects', 'investment', 'annual_output']) as metric
)

select
    places.campaign,
    places.round,
    places.series_position,
    places.area_id,
    located.name as area,
    located.level,
    located.verified,
    stages.stage,
    metrics.metric,
    case
        when round_figures.is_conflict then 'conflict'
        when round_figures.claims is not null then 'published'
        when span_figures.spans is not null then 'span_only'
        else 'missing'
    end as status,
    coalesce(round_figures.claims, 0) as claims,
    coalesce(round_figures.voices, 0) as voices,
    coalesce(round_figures.universes, []) as universes,
    coalesce(span_figures.spans, []) as spans,
from places
cross join stages
cross join metrics
inner join located
    on places.campaign = located.campaign and places.area_id = located.area_id
left join round_figures
    on
        places.campaign = round_figures.campaign
        and places.round = round_figures.round
        and places.area_id = round_figures.area_id
        and stages.stage = round_figures.stage
        and metrics.metric = round_figures.metric
left join span_figures
    on
        places.campaign = span_figures.campaign
        and places.round = span_figures.round
        and places.area_id = span_figures.area_id
        and stages.stage = span_figures.stage
        and metrics.metric = span_figures.metric
order by
    places.campaign, places.round, places.area_id, stages.stage, metrics.metric
