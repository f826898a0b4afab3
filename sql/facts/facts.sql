-- facts: the value held true for each figure, after its claims were weighed.
--
-- The value is that of the best claim (figure_claims says which). Nothing is
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
--   approximate  BOOLEAN  the claim held is printed as about, over or nearly
--   claim_id     VARCHAR  claim whose value is held
--   claims       BIGINT   claims of this figure
--   voices       BIGINT   independent articles that give this figure
--   agreement    VARCHAR  single voice, voices agree, or claims conflict
--   doubt        VARCHAR  why the claim held ranks low; NULL when nothing speaks against it
--   low          DECIMAL(18,4)  least value claimed
--   high         DECIMAL(18,4)  greatest value claimed
with

weighed as (
    select
        figure_claims.campaign,
        figure_claims.held_claim_id as claim_id,
        count(*) as claims,
        -- Copies of one article are one voice.
        count(distinct claimed.article_id) as voices,
        min(claimed.value) as low,
        max(claimed.value) as high,
        -- "Over 700" and 720 do not quarrel; two exact figures do.
        bool_or(
            abs(claimed.value - held.value)
            > if(claimed.approximate or held.approximate, 0.05, 0) * held.value
        ) as is_conflict,
    from figure_claims
    inner join known_claims as claimed using (campaign, claim_id)
    inner join known_claims as held
        on
            figure_claims.campaign = held.campaign
            and figure_claims.held_claim_id = held.claim_id
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
    held.approximate,
    held.claim_id,
    weighed.claims,
    weighed.voices,
    case
        when weighed.is_conflict then 'conflict'
        when weighed.voices = 1 then 'single'
        else 'agree'
    end as agreement,
    claims.doubt,
    weighed.low,
    weighed.high,
from weighed
inner join known_claims as held using (campaign, claim_id)
inner join claims on held.campaign = claims.campaign and held.claim_id = claims.claim_id
order by
    held.campaign, held.area_id, held.period, held.period_id, held.universe,
    held.stage, held.metric, held.method
