-- scorecard_states: whether a zone is assessed for a year, and if not, why.
--
-- grain:    campaign, synthetic, year, zone_id
--
-- columns:
--   campaign     VARCHAR  campaign
--   synthetic    BOOLEAN  counts generated ledger rows
--   year         INTEGER  year
--   zone_id      VARCHAR  zone
--   zone_type    VARCHAR  its type; NULL when not known
--   projects     BIGINT   projects known to be signed by the end of the year
--   observed_on  DATE     last day of the year for which the zone is known
--   reason       VARCHAR  why it is not assessed, see zone_scorecard; NULL when it is
--   coverage     DOUBLE   share of the weight that rests on data; NULL without indicators
with

weighed as (
    select
        scorecard_indicators.campaign, scorecard_indicators.synthetic,
        scorecard_indicators.year, scorecard_indicators.zone_id,
        coalesce(
            sum(indicators.weight) filter (where scorecard_indicators.status = 'scored'), 0
        )::double / nullif(sum(indicators.weight), 0)::double as coverage,
        bool_or(
            scorecard_indicators.status <> 'scored' and indicators.missing = 'unassessed'
        ) as lacks_one,
    from scorecard_indicators
    inner join indicators using (campaign, indicator)
    group by all
)

select
    zones.campaign,
    zones.synthetic,
    zones.year,
    zones.zone_id,
    zones.zone_type,
    zones.projects,
    zones.observed_on,
    case
        when rules.campaign is null then 'no_indicators'
        when zones.projects = 0 then 'no_projects'
        when not zones.is_reported then 'not_reported'
        when zones.zone_type is null then 'zone_type_unknown'
        when weighed.lacks_one then 'missing_indicator'
        -- A place that rests on half of what counts is none.
        when weighed.coverage <= 0.5 then 'low_coverage'
    end as reason,
    if(rules.campaign is null, null, coalesce(weighed.coverage, 0)) as coverage,
from scorecard_zones as zones
left join (select distinct campaign from indicators) as rules using (campaign)
left join weighed using (campaign, synthetic, year, zone_id)
