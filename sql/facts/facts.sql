-- facts: the value held true for each figure, after its claims were weighed.
--
-- The value is that of the best voice: undoubted before doubted, exact before
-- approximate, then by trust, directness and the later publication. Nothing is
-- averaged. Claims that differ stay visible in low, high and source_conflicts.
--
-- grain:    campaign, period, period_id, area_id, universe, stage, metric, method?
-- refs:     campaign, claim_id -> claims.campaign, claim_id
-- refs:     campaign, area_id -> areas.campaign, area_id
-- refs:     campaign, round -> rounds.campaign, round
-- units:    value, low and high are projects, yuan or a ratio, by metric
--
-- columns:
--   campaign     VARCHAR  campaign
--   period       VARCHAR  round, annual, cumulative or other
--   period_id    VARCHAR  key of the period: round id, year, or first..last day
--   period_from  DATE     first day covered; NULL when not known
--   period_to    DATE     last day covered; NULL when not known
--   round        VARCHAR  round id; NULL for years and spans
--   area_id      VARCHAR  area
--   universe     VARCHAR  which projects the figure counts
--   stage        VARCHAR  signed, started, commissioned, on_target or total
--   metric       VARCHAR  what is counted or measured
--   method       VARCHAR  what a published rate divides
--   value        DECIMAL(18,4)  value held true
--   claim_id     VARCHAR  claim whose value is held
--   claims       BIGINT   claims of this figure
--   voices       BIGINT   independent articles that give this figure
--   agreement    VARCHAR  single voice, voices agree, or claims conflict
--   doubt        VARCHAR  why the claim held ranks low; NULL when nothing speaks against it
--   low          DECIMAL(18,4)  least value claimed
--   high         DECIMAL(18,4)  greatest value claimed
with

held as (
    select known_claims.*
    from claim_voices
    inner join known_claims using (campaign, claim_id)
    where claim_voices.rank = 1
),

compared as (
    select
        held.campaign,
        held.claim_id,
        count(*) as claims,
        count(distinct known_claims.article_id) as voices,
        min(known_claims.value) as low,
        max(known_claims.value) as high,
        -- "Over 700" and 720 do not quarrel; two exact figures do.
        bool_or(
            abs(known_claims.value - held.value)
            > if(known_claims.approximate or held.approximate, 0.05, 0) * held.value
        ) as is_conflict,
    from held
    inner join known_claims
        on
            held.campaign = known_claims.campaign
            and held.period = known_claims.period
            and held.period_id = known_claims.period_id
            and held.area_id = known_claims.area_id
            and held.universe = known_claims.universe
            and held.stage = known_claims.stage
            and held.metric = known_claims.metric
            and held.method is not distinct from known_claims.method
    group by all
)

select
    held.campaign,
    held.period,
    held.period_id,
    held.period_from,
    held.period_to,
    held.round,
    held.area_id,
    held.universe,
    held.stage,
    held.metric,
    held.method,
    held.value,
    held.claim_id,
    compared.claims,
    compared.voices,
    case
        when compared.is_conflict then 'conflict'
        when compared.voices = 1 then 'single'
        else 'agree'
    end as agreement,
    claims.doubt,
    compared.low,
    compared.high,
from held
inner join compared using (campaign, claim_id)
inner join claims on held.campaign = claims.campaign and held.claim_id = claims.claim_id
order by
    held.campaign, held.area_id, held.period, held.period_id, held.universe,
    held.stage, held.metric, held.method
