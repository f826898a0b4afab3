-- span_parts: each published figure for a year or span of rounds beside what is
-- known of the rounds in it. Only figures of one universe meet, and a doubted
-- figure is not taken apart.
--
-- grain:    campaign, period, period_id, area_id, universe, stage, metric
--
-- columns:
--   campaign        VARCHAR  campaign
--   period          VARCHAR  annual or cumulative
--   period_id       VARCHAR  key of the period
--   area_id         VARCHAR  area
--   universe        VARCHAR  which projects the figure counts
--   stage           VARCHAR  signed, started or commissioned
--   metric          VARCHAR  projects or investment
--   total           DECIMAL(18,4)  the figure published for the span
--   claim_id        VARCHAR  the claim held for it
--   known_sum       DECIMAL(18,4)  sum over the rounds known; NULL when none is
--   rounds_known    VARCHAR[]  rounds of the span with a figure
--   rounds_missing  VARCHAR[]  rounds of the span without one
--   has_conflict    BOOLEAN  sources disagree on the total or on a round known
--   doubt           VARCHAR  why claims held for rounds known rank low, parted by ;; NULL when nothing speaks against them
--   has_approximate BOOLEAN  the total or a round known is printed as about, over or nearly
--   known_claim_ids VARCHAR[]  claims held for the rounds known
with

additive as (
    select facts.*
    from facts
    where
        facts.stage in ('signed', 'started', 'commissioned')
        and facts.metric in ('projects', 'investment')
)

select
    span.campaign,
    span.period,
    span.period_id,
    span.area_id,
    span.universe,
    span.stage,
    span.metric,
    span.value as total,
    span.claim_id,
    sum(part.value)::decimal(18, 4) as known_sum,
    coalesce(list(part.round order by part.round) filter (where part.round is not null), [])
        as rounds_known,
    coalesce(
        list(period_rounds.round order by period_rounds.round) filter (where part.round is null),
        []
    ) as rounds_missing,
    bool_or(span.agreement = 'conflict' or coalesce(part.agreement = 'conflict', false))
        as has_conflict,
    string_agg(distinct part.doubt, ';' order by part.doubt) as doubt,
    bool_or(span.approximate or coalesce(part.approximate, false)) as has_approximate,
    coalesce(list(part.claim_id order by part.round) filter (where part.round is not null), [])
        as known_claim_ids,
from additive as span
inner join known_claims
    on span.campaign = known_claims.campaign and span.claim_id = known_claims.claim_id
inner join area_provinces
    on span.campaign = area_provinces.campaign and span.area_id = area_provinces.area_id
inner join period_rounds
    on
        span.campaign = period_rounds.campaign
        and span.period = period_rounds.period
        and span.period_id = period_rounds.period_id
        and area_provinces.province_id = period_rounds.province_id
left join additive as part
    on
        span.campaign = part.campaign
        and part.period = 'round'
        and period_rounds.round = part.round
        and span.area_id = part.area_id
        and span.universe = part.universe
        and span.stage = part.stage
        and span.metric = part.metric
where not known_claims.is_doubted
group by all
