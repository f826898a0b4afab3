-- scorecard_indicators: what each zone's yearly assessment is made of: the value of each
-- indicator, the projects that it rests on, its score among the zones of the type, and
-- the weight with which it counts. The score of a zone in zone_scorecard is the sum of
-- score × weight_used / 100.
--
-- The score is the place of the value between the lowest and the highest of the zones
-- of the type in the year: 0 for the worst, 100 for the best; where all values are
-- equal, or only one zone has one, it is 50. The weight of indicators without a score is
-- shared by the others of the pair, and that of a pair without any by the other pairs, in
-- proportion to their weights. Zones of no known type have no rows: there is nobody to
-- compare them with.
--
-- grain:    campaign, synthetic, year, zone_id, indicator
-- refs:     campaign, zone_id -> areas.campaign, area_id
--
-- columns:
--   campaign     VARCHAR  campaign
--   synthetic    BOOLEAN  counts generated ledger rows
--   year         INTEGER  year
--   zone_id      VARCHAR  zone
--   indicator    VARCHAR  indicator of indicators.csv
--   pair         VARCHAR  reserve (谋划储备), recruitment (招商引资), construction (开工建设) or service (服务水平)
--   measure      VARCHAR  what is measured; survey for values from assessments.csv
--   value        DOUBLE   the value; NULL when not known
--   base         BIGINT   projects that it rests on; NULL for a survey, and when there is none
--   score        DOUBLE   0 to 100; NULL unless scored
--   weight       DOUBLE   weight as set, of 100
--   weight_used  DOUBLE   weight with which it counts, of 100; 0 unless scored
--   status       VARCHAR  scored, missing (no value), or too_few (base below least_base of the indicator)
--   name         VARCHAR  name of the indicator
--   name_en      VARCHAR  its English name
--   direction    VARCHAR  higher or lower, whichever is better
--   lowest       DOUBLE   lowest value scored in the type and year
--   highest      DOUBLE   highest value scored
with

valued as (
    select
        zones.campaign, zones.synthetic, zones.year, zones.zone_id, zones.zone_type,
        indicators.indicator, indicators.pair, indicators.measure, indicators.direction,
        indicators.name, indicators.name_en, indicators.weight,
        zone_measures.value, zone_measures.base,
        case
            when zone_measures.value is null then 'missing'
            when zone_measures.base < indicators.least_base then 'too_few'
            else 'scored'
        end as status,
    from scorecard_zones as zones
    inner join indicators using (campaign)
    left join zone_measures
        on
            zones.campaign = zone_measures.campaign
            and zones.synthetic = zone_measures.synthetic
            and zones.year = zone_measures.year
            and zones.zone_id = zone_measures.zone_id
            and zone_measures.measure = if(
                indicators.measure = 'survey', 'survey:' || indicators.indicator,
                indicators.measure
            )
    where zones.zone_type is not null
),

ranged as (
    select
        *,
        min(value) filter (where status = 'scored') over among as lowest,
        max(value) filter (where status = 'scored') over among as highest,
        sum(weight) over in_pair as pair_weight,
        coalesce(sum(weight) filter (where status = 'scored') over in_pair, 0)
            as scored_weight,
    from valued
    window
        among as (partition by campaign, synthetic, year, zone_type, indicator),
        in_pair as (partition by campaign, synthetic, year, zone_id, pair)
),

shared as (
    select
        *,
        case
            when status <> 'scored' then null
            when highest = lowest then 50
            when direction = 'lower' then 100 * (highest - value) / (highest - lowest)
            else 100 * (value - lowest) / (highest - lowest)
        end as score,
        -- What all pairs weigh of which anything is known.
        sum(weight) filter (where scored_weight > 0) over (
            partition by campaign, synthetic, year, zone_id
        ) as known_weight,
    from ranged
)

select
    campaign,
    synthetic,
    year,
    zone_id,
    indicator,
    pair,
    measure,
    value,
    base,
    score::double as score,
    weight::double as weight,
    if(
        status = 'scored' and scored_weight > 0,
        100 * weight::double * pair_weight::double
        / (scored_weight::double * known_weight::double), 0
    )::double as weight_used,
    status,
    name,
    name_en,
    direction,
    lowest,
    highest,
from shared
order by campaign, synthetic, year, zone_id, indicator
