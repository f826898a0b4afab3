-- scorecard_ranks: score and rank of each assessed zone under each scenario of weights,
-- among the assessed zones of its type. Weights of what is missing are shared as in
-- scorecard_indicators. Scores are rounded to ten decimals, so that equal ones share a place.
--
-- grain:    campaign, synthetic, year, zone_id, scenario
--
-- columns:
--   campaign   VARCHAR  campaign
--   synthetic  BOOLEAN  counts generated ledger rows
--   year       INTEGER  year
--   zone_id    VARCHAR  zone
--   scenario   VARCHAR  scenario of scorecard_scenarios
--   score      DOUBLE   score, 0 to 100
--   rank       INTEGER  place, from 1
--   ranked_of  INTEGER  zones ranked
with

pair_weights as (
    select campaign, scenario, pair, sum(weight) as weight
    from scorecard_scenarios
    group by all
),

pairs as (
    select
        states.campaign, states.synthetic, states.year, states.zone_id, states.zone_type,
        scenarios.scenario, scenarios.pair,
        sum(scenarios.weight * scored.score)
        / nullif(sum(scenarios.weight), 0) as score,
    from scorecard_states as states
    inner join scorecard_indicators as scored using (campaign, synthetic, year, zone_id)
    inner join scorecard_scenarios as scenarios
        on
            scored.campaign = scenarios.campaign
            and scored.indicator = scenarios.indicator
    where states.reason is null and scored.status = 'scored'
    group by all
),

totals as (
    select
        pairs.campaign, pairs.synthetic, pairs.year, pairs.zone_id, pairs.zone_type,
        pairs.scenario,
        round(
            sum(pair_weights.weight * pairs.score) / nullif(sum(pair_weights.weight), 0), 10
        ) as score,
    from pairs
    inner join pair_weights using (campaign, scenario, pair)
    where pairs.score is not null
    group by all
)

select
    campaign,
    synthetic,
    year,
    zone_id,
    scenario,
    score,
    (rank() over (
        partition by campaign, synthetic, year, zone_type, scenario
        order by score desc
    ))::integer as rank,
    (count(*) over (
        partition by campaign, synthetic, year, zone_type, scenario
    ))::integer as ranked_of,
from totals
