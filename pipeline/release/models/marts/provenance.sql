-- provenance: each published value beside every claim it rests on, and the address
-- of the page that each claim stands on.
--
-- A fact rests on all claims of its figure: the one whose value is held, those that
-- agree, and those that do not. A derived value (trend_series, span_residuals) rests
-- on the claims that it was computed from. Every other mart is computed from facts
-- or from the rows of ledgers, which bear their source_id themselves; the models
-- under sql/ say how.
--
-- grain:    relation, campaign, period_id, area_id, universe?, stage, metric, method?, claim_id
-- refs:     campaign, claim_id -> claims.campaign, claim_id
-- refs:     campaign, source_id -> sources.campaign, source_id
-- refs:     campaign, area_id -> areas.campaign, area_id
--
-- columns:
--   relation      VARCHAR  where the value stands: facts, trend_series or span_residuals
--   campaign      VARCHAR  campaign
--   period_id     VARCHAR  key of the period; in trend_series the round
--   area_id       VARCHAR  area
--   universe      VARCHAR  which projects the figure counts; NULL when the value is missing for the series
--   stage         VARCHAR  stage
--   metric        VARCHAR  what is counted or measured
--   method        VARCHAR  what a published rate divides
--   value         DECIMAL(18,4)  the value held; of span_residuals the residual; NULL when claims quarrel and none is held
--   claim_id      VARCHAR  a claim that it rests on
--   held          BOOLEAN  whether the value is that of this claim
--   claimed       DECIMAL(18,4)  the claim's own value, in projects, yuan or as a ratio
--   as_published  VARCHAR  the value as printed
--   unit          VARCHAR  the unit as printed
--   approximate   BOOLEAN  printed as about, over or nearly
--   doubt         VARCHAR  why the claim ranks low; NULL when nothing speaks against it
--   source_id     VARCHAR  the page or ledger that the claim stands in
--   publisher     VARCHAR  who published the page
--   trust         INTEGER  trust in the source, 1 best to 5
--   published_on  DATE     day of publication; NULL when not known
--   url           VARCHAR  address of the page
--   locator       VARCHAR  where on the page
with

of_facts as (
    select
        'facts' as relation, f.campaign, f.period_id, f.area_id, f.universe, f.stage, f.metric, f.method,
        f.value, c.claim_id, c.claim_id = f.claim_id as held,
    from facts as f
    inner join claims as c
        on f.campaign = c.campaign and f.period = c.period and f.period_id = c.period_id
        and f.area_id = c.area_id and f.universe = c.universe and f.stage = c.stage and f.metric = c.metric
        and f.method is not distinct from c.method
    inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
    cross join params
    where params.as_of is null or s.published_on <= params.as_of
),

of_series as (
    select
        'trend_series' as relation, campaign, round as period_id, area_id, universe, stage, metric, null as method,
        value, unnest(claim_ids) as claim_id, claim_id as held_claim_id,
    from trend_series
),

of_residuals as (
    select distinct
        'span_residuals' as relation, campaign, period_id, area_id, universe, stage, metric, null as method,
        residual as value, unnest(claim_ids) as claim_id,
    from span_residuals
),

rested as (
    from of_facts
    union all
    select * exclude (claim_id, held_claim_id), claim_id, coalesce(claim_id = held_claim_id, false) as held
    from (select distinct * from of_series)
    union all
    select *, false as held from of_residuals
)

select
    r.relation, r.campaign, r.period_id, r.area_id, r.universe, r.stage, r.metric, r.method,
    r.value::decimal(18, 4) as value, r.claim_id, r.held, c.value as claimed, c.value_as_published as as_published,
    c.unit, c.approximate, c.doubt, c.source_id, s.publisher, s.trust, s.published_on, s.url, c.locator,
from rested as r
inner join claims as c on r.campaign = c.campaign and r.claim_id = c.claim_id
inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
order by all
