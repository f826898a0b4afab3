-- zone_scorecard: the yearly assessment of the development zones (年度考核) by the four
-- pairs (四比四看), each zone among those of its type. zone_scorecard.md has the formula,
-- the limits and a cell recomputed by hand.
--
-- A zone that cannot be assessed has no rank, and is never last. Its reason is the first
-- that holds: no_indicators (indicators.csv has none), no_projects (no project known to
-- be signed by the end of the year), not_reported (no ledger speaks of it in the year or
-- later), zone_type_unknown, missing_indicator (one that must not be missing is, or rests
-- on too few projects), low_coverage (data for no more than half of the weight).
--
-- grain:    campaign, synthetic, year, zone_id
-- refs:     campaign, zone_id -> areas.campaign, area_id
-- units:    scores are points, 0 to 100, rounded to ten decimals, so that equal ones are equal
--
-- columns:
--   campaign            VARCHAR  campaign
--   synthetic           BOOLEAN  counts generated ledger rows
--   year                INTEGER  year
--   zone_id             VARCHAR  zone
--   zone_name           VARCHAR  its name
--   zone_name_en        VARCHAR  its English name
--   zone_type           VARCHAR  industrial, agriculture or tourism: among these it is ranked; NULL when not known
--   city_id             VARCHAR  its city
--   status              VARCHAR  assessed or not_assessed
--   reason              VARCHAR  why it is not assessed; NULL when it is
--   projects            BIGINT   projects known to be signed by the end of the year
--   score               DOUBLE   the score; NULL unless assessed, as all below but coverage
--   rank                INTEGER  place among the assessed zones of its type, from 1; equal scores share a place
--   ranked_of           INTEGER  assessed zones of its type
--   rank_low            INTEGER  its best place under any weights of scorecard_scenarios
--   rank_high           INTEGER  its worst place under any of them
--   reserve_score       DOUBLE   score in 谋划储备, project quality; NULL when nothing of the pair is known
--   recruitment_score   DOUBLE   score in 招商引资, signings that land
--   construction_score  DOUBLE   score in 开工建设, progress
--   service_score       DOUBLE   score in 服务水平, satisfaction
--   coverage            DOUBLE   share of the weight that rests on data, 0 to 1; NULL without indicators
--   observed_on         DATE     last day of the year for which the zone is known; before 31 December the year is not whole; NULL when it did not report
with

ranges as (
    select
        campaign, synthetic, year, zone_id,
        min(rank) as rank_low,
        max(rank) as rank_high,
    from scorecard_ranks
    group by all
),

pair_scores as (
    select
        campaign, synthetic, year, zone_id, pair,
        round(sum(weight_used * score) / nullif(sum(weight_used), 0), 10) as score,
    from scorecard_indicators
    where status = 'scored'
    group by all
),

by_pair as (
    select
        campaign, synthetic, year, zone_id,
        max(score) filter (where pair = 'reserve') as reserve_score,
        max(score) filter (where pair = 'recruitment') as recruitment_score,
        max(score) filter (where pair = 'construction') as construction_score,
        max(score) filter (where pair = 'service') as service_score,
    from pair_scores
    group by all
)

select
    states.campaign,
    states.synthetic,
    states.year,
    states.zone_id,
    areas.name as zone_name,
    areas.name_en as zone_name_en,
    states.zone_type,
    areas.city_id,
    if(states.reason is null, 'assessed', 'not_assessed') as status,
    states.reason,
    states.projects,
    ranks.score,
    ranks.rank,
    ranks.ranked_of,
    ranges.rank_low,
    ranges.rank_high,
    if(states.reason is null, by_pair.reserve_score, null) as reserve_score,
    if(states.reason is null, by_pair.recruitment_score, null) as recruitment_score,
    if(states.reason is null, by_pair.construction_score, null) as construction_score,
    if(states.reason is null, by_pair.service_score, null) as service_score,
    states.coverage,
    states.observed_on,
from scorecard_states as states
inner join areas
    on states.campaign = areas.campaign and states.zone_id = areas.area_id
left join scorecard_ranks as ranks
    on
        states.campaign = ranks.campaign
        and states.synthetic = ranks.synthetic
        and states.year = ranks.year
        and states.zone_id = ranks.zone_id
        and ranks.scenario = 'as_set'
left join ranges
    on
        states.campaign = ranges.campaign
        and states.synthetic = ranges.synthetic
        and states.year = ranges.year
        and states.zone_id = ranges.zone_id
left join by_pair
    on
        states.campaign = by_pair.campaign
        and states.synthetic = by_pair.synthetic
        and states.year = by_pair.year
        and states.zone_id = by_pair.zone_id
order by
    states.campaign, states.synthetic, states.year, states.zone_type, ranks.rank,
    states.zone_id
