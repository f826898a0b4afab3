-- claim_voices: what each independent voice says of a figure. Copies of one
-- article are one voice, and it speaks through its best copy; a copy that was
-- damaged on the way does not make a second voice.
--
-- grain:    campaign, period, period_id, area_id, universe, stage, metric, method?, article_id
--
-- columns:
--   campaign    VARCHAR  campaign
--   period      VARCHAR  round, annual, cumulative or other
--   period_id   VARCHAR  key of the period
--   area_id     VARCHAR  area
--   universe    VARCHAR  which projects the figure counts
--   stage       VARCHAR  stage
--   metric      VARCHAR  metric
--   method      VARCHAR  what a published rate divides
--   article_id  VARCHAR  the voice
--   claim_id    VARCHAR  its best copy
--   rank        BIGINT   place among the voices of the figure, 1 best
with

best_copy as (
    select *
    from known_claims
    -- The same order ranks copies within a voice and voices within a figure:
    -- undoubted, exact, trusted, direct, latest; the id only breaks ties the
    -- same way in every run.
    qualify row_number() over (
        partition by
            campaign, period, period_id, area_id, universe, stage, metric, method,
            article_id
        order by
            is_doubted, approximate, trust, directness_rank,
            published_on desc nulls last, claim_id
    ) = 1
)

select
    best_copy.campaign,
    best_copy.period,
    best_copy.period_id,
    best_copy.area_id,
    best_copy.universe,
    best_copy.stage,
    best_copy.metric,
    best_copy.method,
    best_copy.article_id,
    best_copy.claim_id,
    row_number() over (
        partition by
            best_copy.campaign, best_copy.period, best_copy.period_id,
            best_copy.area_id, best_copy.universe, best_copy.stage,
            best_copy.metric, best_copy.method
        order by
            best_copy.is_doubted, best_copy.approximate, best_copy.trust,
            best_copy.directness_rank, best_copy.published_on desc nulls last,
            best_copy.claim_id
    ) as rank,
from best_copy
