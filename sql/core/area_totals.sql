-- area_totals: the figure of a province beside the sum of its cities, and of a
-- city beside the sum of its zones, round by round and stage by stage.
--
-- grain:    campaign, area_id, universe, round, stage, metric
--
-- columns:
--   campaign        VARCHAR  campaign
--   area_id         VARCHAR  the whole: a province or a city
--   universe        VARCHAR  which projects the figures count
--   round           VARCHAR  round
--   stage           VARCHAR  signed, started or commissioned
--   metric          VARCHAR  projects, investment or annual_output
--   total           DECIMAL(18,4)  figure of the whole; NULL when none is published
--   parts_known     BIGINT   cities or zones with a figure
--   parts_expected  BIGINT   cities or zones in the registry
--   parts_sum       DECIMAL(18,4)  sum of the parts known; NULL when none is
--   has_conflict    BOOLEAN  sources disagree on the whole or on a part
--   has_doubt       BOOLEAN  a claim held for the whole or a part is doubted
--   claim_ids       VARCHAR[]  claims behind whole and parts
with

parts as (
    select
        campaign, area_id,
        case level when 'city' then parent_id when 'zone' then city_id end as whole_id,
    from areas
    where level in ('city', 'zone')
),

expected as (
    select campaign, whole_id, count(*) as parts_expected
    from parts
    where whole_id is not null
    group by all
),

figures as (
    select *
    from facts
    where
        period = 'round'
        and stage in ('signed', 'started', 'commissioned')
        and metric in ('projects', 'investment', 'annual_output')
),

summed as (
    select
        parts.campaign, parts.whole_id as area_id, figures.universe, figures.round,
        figures.stage, figures.metric,
        count(*) as parts_known,
        sum(figures.value)::decimal(18, 4) as parts_sum,
        bool_or(figures.agreement = 'conflict') as has_conflict,
        bool_or(figures.doubt is not null) as has_doubt,
        list(figures.claim_id order by figures.claim_id) as claim_ids,
    from figures
    inner join parts using (campaign, area_id)
    where parts.whole_id is not null
    group by all
),

wholes as (
    select figures.*
    from figures
    inner join expected
        on figures.campaign = expected.campaign and figures.area_id = expected.whole_id
)

select
    coalesce(wholes.campaign, summed.campaign) as campaign,
    coalesce(wholes.area_id, summed.area_id) as area_id,
    coalesce(wholes.universe, summed.universe) as universe,
    coalesce(wholes.round, summed.round) as round,
    coalesce(wholes.stage, summed.stage) as stage,
    coalesce(wholes.metric, summed.metric) as metric,
    wholes.value as total,
    coalesce(summed.parts_known, 0) as parts_known,
    expected.parts_expected,
    summed.parts_sum,
    coalesce(wholes.agreement = 'conflict', false) or coalesce(summed.has_conflict, false)
        as has_conflict,
    wholes.doubt is not null or coalesce(summed.has_doubt, false) as has_doubt,
    list_concat(if(wholes.claim_id is null, [], [wholes.claim_id]), coalesce(summed.claim_ids, []))
        as claim_ids,
from wholes
full join summed using (campaign, area_id, universe, round, stage, metric)
inner join expected
    on
        coalesce(wholes.campaign, summed.campaign) = expected.campaign
        and coalesce(wholes.area_id, summed.area_id) = expected.whole_id
