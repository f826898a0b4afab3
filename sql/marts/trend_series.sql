-- trend_series: the headline series, round by round. A round without a
-- published figure is a row with the status missing, never 0 and never absent.
--
-- A series of one area, stage and metric counts one universe: that of most of its
-- rounds, and of two with as many the one nearer to the area. A round published
-- only for another is missing here, and other_universes names it: four projects
-- newly on a list do not stand between two full counts. The figure itself is in
-- facts.
--
-- grain:    campaign, round, area_id, stage, metric
-- refs:     campaign, area_id -> areas.campaign, area_id
-- refs:     campaign, claim_id -> claims.campaign, claim_id
-- units:    value, low, high, cumulative and change are projects or yuan, by metric
--
-- columns:
--   campaign         VARCHAR  campaign
--   series_position  INTEGER  place of the round in the series
--   round            VARCHAR  round
--   held_on          DATE     day of the round; NULL when not known
--   area_id          VARCHAR  area
--   area             VARCHAR  name of the area
--   area_en          VARCHAR  English name of the area
--   level            VARCHAR  level of the area
--   verified         BOOLEAN  false for a zone that no public source shows
--   stage            VARCHAR  signed, started or commissioned
--   metric           VARCHAR  projects or investment
--   universe         VARCHAR  which projects the figure counts; NULL when missing
--   other_universes  VARCHAR[]  universes for which the round is published and which the series does not count
--   value            DECIMAL(18,4)  the figure; NULL when missing
--   status           VARCHAR  published, derived (the one round that a span leaves over), conflict or missing
--   approximate      BOOLEAN  a figure it rests on is printed as about, over or nearly; NULL when missing
--   doubt            VARCHAR  why the claim held, or a figure that a derived one rests on, ranks low; NULL when nothing speaks against them
--   low              DECIMAL(18,4)  least value claimed
--   high             DECIMAL(18,4)  greatest value claimed
--   cumulative       DECIMAL(18,4)  sum from the first round of the series; NULL once a round is missing
--   change           DECIMAL(18,4)  value less that of the round before; NULL when either is missing
--   change_ratio     DOUBLE   change / the value of the round before
--   investment_per_project_cny  DECIMAL(18,2)  yuan of investment per project of the same round and stage
--   claim_id         VARCHAR  claim whose value is held; NULL when derived or missing
--   claim_ids        VARCHAR[]  claims that the value rests on, or that quarrel over it
--   sources          VARCHAR[]  ids of the sources of those claims
with

comparable as (
    select *
    from facts
    inner join series_universes using (campaign, area_id, stage, metric, universe)
    where facts.period = 'round'
),

set_aside as (
    select
        facts.campaign, facts.round, facts.area_id, facts.stage, facts.metric,
        list(facts.universe order by facts.universe) as other_universes,
    from facts
    inner join series_universes using (campaign, area_id, stage, metric)
    where facts.period = 'round' and facts.universe <> series_universes.universe
    group by all
),

fact_claims as (
    select
        comparable.campaign, comparable.round, comparable.area_id,
        comparable.stage, comparable.metric,
        list(claims.claim_id order by claims.claim_id) as claim_ids,
        list(distinct claims.source_id order by claims.source_id) as sources,
    from comparable
    inner join figure_claims
        on
            comparable.campaign = figure_claims.campaign
            and comparable.claim_id = figure_claims.held_claim_id
    inner join claims
        on
            figure_claims.campaign = claims.campaign
            and figure_claims.claim_id = claims.claim_id
    group by all
),

-- The one round that a span leaves over. Two spans may leave the same one: the
-- shorter rests on less.
one_left as (
    select *, rounds_missing[1] as round
    from span_residuals
    inner join series_universes using (campaign, area_id, stage, metric, universe)
    where len(rounds_missing) = 1 and status = 'derived'
    qualify row_number() over (
        partition by campaign, rounds_missing[1], area_id, stage, metric
        order by len(claim_ids), period_id
    ) = 1
),

left_over as (
    select
        one_left.campaign, one_left.round, one_left.area_id, one_left.stage,
        one_left.metric, one_left.universe, one_left.residual,
        one_left.doubt, one_left.has_approximate, one_left.claim_ids,
        list(distinct claims.source_id order by claims.source_id) as sources,
    from one_left
    inner join claims
        on
            one_left.campaign = claims.campaign
            and list_contains(one_left.claim_ids, claims.claim_id)
    group by all
),

filled as (
    select
        round_spine.*,
        coalesce(comparable.universe, left_over.universe) as universe,
        coalesce(set_aside.other_universes, []) as other_universes,
        coalesce(comparable.value, left_over.residual) as value,
        case
            when comparable.agreement = 'conflict' then 'conflict'
            when comparable.value is not null then 'published'
            when left_over.residual is not null then 'derived'
            else 'missing'
        end as status,
        coalesce(comparable.approximate, left_over.has_approximate) as approximate,
        if(comparable.value is null, left_over.doubt, comparable.doubt) as doubt,
        comparable.low,
        comparable.high,
        comparable.claim_id,
        coalesce(fact_claims.claim_ids, left_over.claim_ids, []) as claim_ids,
        coalesce(fact_claims.sources, left_over.sources, []) as sources,
    from round_spine
    left join comparable using (campaign, round, area_id, stage, metric)
    left join fact_claims using (campaign, round, area_id, stage, metric)
    left join set_aside using (campaign, round, area_id, stage, metric)
    left join left_over using (campaign, round, area_id, stage, metric)
),

chained as (
    select
        filled.*,
        lag(filled.value) over series as value_before,
        sum(filled.value) over series_so_far as sum_so_far,
        bool_and(filled.value is not null) over series_so_far as is_unbroken,
        max(if(filled.metric = 'projects', filled.value, null)) over same_figures as projects,
        max(if(filled.metric = 'investment', filled.value, null)) over same_figures
            as investment,
    from filled
    window
        series as (
            partition by campaign, area_id, stage, metric order by series_position
        ),
        series_so_far as (
            partition by campaign, area_id, stage, metric order by series_position
            rows between unbounded preceding and current row
        ),
        same_figures as (partition by campaign, area_id, stage, round, universe)
)

select
    chained.campaign,
    chained.series_position,
    chained.round,
    chained.held_on,
    chained.area_id,
    areas.name as area,
    areas.name_en as area_en,
    areas.level,
    areas.verified,
    chained.stage,
    chained.metric,
    chained.universe,
    chained.other_universes,
    chained.value,
    chained.status,
    chained.approximate,
    chained.doubt,
    chained.low,
    chained.high,
    if(chained.is_unbroken, chained.sum_so_far, null)::decimal(18, 4) as cumulative,
    (chained.value - chained.value_before)::decimal(18, 4) as change,
    (chained.value - chained.value_before)::double / nullif(chained.value_before, 0)
        as change_ratio,
    (chained.investment::double / nullif(chained.projects, 0))::decimal(18, 2)
        as investment_per_project_cny,
    chained.claim_id,
    chained.claim_ids,
    chained.sources,
from chained
inner join areas
    on chained.campaign = areas.campaign and chained.area_id = areas.area_id
order by
    chained.campaign, chained.area_id, chained.metric, chained.stage,
    chained.series_position
