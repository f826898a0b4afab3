-- zone_measures: what of a zone's year can be measured, for the yearly assessment
-- (年度考核). Which measures count, and how much, is said in indicators.csv.
--
-- All but target_rate rest on the last word on each project, by the days of its
-- events, so that every year is measured alike; start_rate and commission_rate are
-- revised_start_rate and revised_commission_rate of progress_bulletin in December.
-- Outputs have no day: target_rate is that of the last edition of the year. A measure
-- that rests on nothing has no row.
--
-- Units: median_investment is in 亿元; what is called rate is a share, which passes 1
-- only as target_rate; expected_yield is yuan a year for a yuan; a survey is in the
-- office's unit.
--
-- grain:    campaign, synthetic, year, zone_id, measure
--
-- columns:
--   campaign   VARCHAR  campaign
--   synthetic  BOOLEAN  counts generated ledger rows
--   year       INTEGER  year
--   zone_id    VARCHAR  zone
--   measure    VARCHAR  median_investment, expected_yield, landing_rate, landing_investment_rate, start_rate, commission_rate, target_rate, commitment_rate, standard_land_rate, full_agency_rate, or survey: and the indicator
--   value      DOUBLE   the value
--   base       BIGINT   projects that it rests on; NULL for a survey
with

reported as (
    select campaign, synthetic, year, zone_id
    from scorecard_zones
    where is_reported
),

-- What was signed in the year and in the one before, by the end of the year.
two_years as (
    select
        campaign, synthetic, zone_id, year, signed, with_investment,
        started_same_year as started,
        investment_cny,
        started_same_year_investment_cny as started_investment_cny,
    from zone_years
    union all
    select
        campaign, synthetic, zone_id, year + 1, signed, with_investment,
        started_next_year, investment_cny, started_next_year_investment_cny,
    from zone_years
),

landings as (
    select
        campaign, synthetic, year, zone_id,
        sum(signed) as signed,
        sum(started) as started,
        sum(with_investment) as with_investment,
        -- An amount that is too large to hold leaves the share unknown.
        if(
            count(investment_cny) < count(*) filter (where with_investment > 0)
            or count(started_investment_cny) < count(*),
            null, sum(investment_cny)
        ) as investment_cny,
        sum(started_investment_cny) as started_investment_cny,
    from two_years
    where year is not null
    group by all
),

standings as (
    select
        reported.campaign, reported.synthetic, reported.year, reported.zone_id,
        sum(levels.revised_signed) as signed,
        sum(levels.revised_started_of_signed) as started_of_signed,
        sum(levels.revised_started) as started,
        sum(levels.revised_commissioned) as commissioned,
        -- Outputs are those of the year's own ledgers, or none.
        if(
            sum(levels.editions) filter (where year(levels.month) = reported.year) > 0,
            sum(levels.outputs), 0
        ) as outputs,
        sum(levels.expected_output_cny) as expected_output_cny,
        sum(levels.actual_output_cny) as actual_output_cny,
    from reported
    inner join month_levels as levels
        on
            reported.campaign = levels.campaign
            and reported.synthetic = levels.synthetic
            and reported.zone_id = levels.key
    where levels.level = 'zone' and year(levels.month) <= reported.year
    group by all
),

measured as (
    select
        campaign, synthetic, year, zone_id,
        unnest([
            {measure: 'median_investment', value: median_investment, base: with_investment},
            {
                measure: 'expected_yield',
                value: expected_output_cny::double / nullif(output_investment_cny, 0)::double,
                base: with_output
            },
            {
                measure: 'commitment_rate',
                value: commitment / nullif(commitment_known, 0),
                base: commitment_known
            },
            {
                measure: 'standard_land_rate',
                value: standard_land / nullif(standard_land_known, 0),
                base: standard_land_known
            },
            {
                measure: 'full_agency_rate',
                value: full_agency / nullif(full_agency_known, 0),
                base: full_agency_known
            }
        ]) as measured,
    from zone_years
    union all
    select
        campaign, synthetic, year, zone_id,
        unnest([
            {
                measure: 'landing_rate',
                value: started / nullif(signed, 0),
                base: signed::bigint
            },
            {
                measure: 'landing_investment_rate',
                value: started_investment_cny::double / nullif(investment_cny, 0)::double,
                base: with_investment::bigint
            }
        ]),
    from landings
    union all
    select
        campaign, synthetic, year, zone_id,
        unnest([
            {
                measure: 'start_rate',
                value: started_of_signed / nullif(signed, 0),
                base: signed::bigint
            },
            {
                measure: 'commission_rate',
                value: commissioned / nullif(started, 0),
                base: started::bigint
            },
            {
                measure: 'target_rate',
                value: actual_output_cny::double / nullif(expected_output_cny, 0)::double,
                base: outputs::bigint
            }
        ]),
    from standings
)

select
    measured.campaign,
    measured.synthetic,
    measured.year,
    measured.zone_id,
    measured.measured.measure,
    measured.measured.value,
    measured.measured.base,
from measured
inner join reported using (campaign, synthetic, year, zone_id)
where measured.measured.base > 0 and measured.measured.value is not null
union all
select
    assessments.campaign,
    assessments.synthetic,
    assessments.year,
    assessments.zone_id,
    'survey:' || assessments.indicator as measure,
    assessments.value::double as value,
    null as base,
from assessments
