-- scorecard_scenarios: the weights of the yearly assessment, as set and as they might
-- as well have been: each indicator, and each pair as a whole, with half and with
-- one and a half times its weight. The ranks under all of them say how much of a place
-- is owed to the weights. Nothing is drawn by lot.
--
-- grain:    campaign, scenario, indicator
--
-- columns:
--   campaign   VARCHAR  campaign
--   scenario   VARCHAR  as_set, or what is changed and by which factor
--   indicator  VARCHAR  indicator
--   pair       VARCHAR  its pair
--   weight     DOUBLE   its weight in the scenario; those of a scenario add up to 100
with

changes as (
    select distinct
        campaign, 'as_set' as scenario, null as changed, null as changed_pair,
        1::decimal(2, 1) as factor,
    from indicators
    union all
    select
        campaign, 'indicator ' || indicator || ' x' || factor, indicator, null, factor,
    from indicators
    cross join (select unnest([0.5, 1.5]::decimal(2, 1)[]) as factor) as factors
    union all
    select distinct campaign, 'pair ' || pair || ' x' || factor, null, pair, factor
    from indicators
    cross join (select unnest([0.5, 1.5]::decimal(2, 1)[]) as factor) as factors
),

weighed as (
    select
        indicators.campaign, changes.scenario, indicators.indicator, indicators.pair,
        indicators.weight
        * if(
            indicators.indicator = changes.changed or indicators.pair = changes.changed_pair,
            changes.factor, 1
        ) as weight,
    from indicators
    inner join changes using (campaign)
)

select
    campaign,
    scenario,
    indicator,
    pair,
    100 * weight::double
    / nullif(sum(weight) over (partition by campaign, scenario), 0)::double as weight,
from weighed
