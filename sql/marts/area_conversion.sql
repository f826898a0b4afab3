-- area_conversion: from signed to started to commissioned, for every area and
-- period of which two stages are published, and for every area with projects in a
-- ledger. All levels stand here; the marts zone_conversion and city_conversion are
-- cut from it.
--
-- basis published_flow: what starts in a round was signed earlier, so these are not
-- the share of the signed projects that started, and may pass 1. basis
-- ledger_cohort: the same projects followed from their signing on, as
-- core/project_states judges them; the ratios lie in 0..1, carry a 95 % Wilson
-- interval, and speak only of the projects that the ledgers hold. Projects not there
-- yet may still come: a young round's ratio is low. The two are never compared.
--
-- grain:    campaign, area_id, universe, basis, synthetic, period, period_id
-- refs:     campaign, area_id -> areas.campaign, area_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   area_id          VARCHAR  area
--   area             VARCHAR  name of the area
--   area_en          VARCHAR  English name of the area
--   level            VARCHAR  province, city, county, zone, zone_part or cluster
--   universe         VARCHAR  which projects the figures count; ledger: those in the ledgers loaded
--   basis            VARCHAR  published_flow: figures published for one period, divided; ledger_cohort: of the projects signed in the period, the share that came further by as_of
--   synthetic        BOOLEAN  counts generated ledger rows; false for all that is published
--   period           VARCHAR  round, annual, cumulative, other, or all (of flows: complete rounds added up; of cohorts: all projects signed, the round known or not)
--   period_id        VARCHAR  key of the period; all for all
--   round            VARCHAR  round id; all for all; NULL for years and spans
--   period_from      DATE     first day covered, of a cohort the first day of signing; NULL when not known
--   period_to        DATE     last day covered; NULL when not known
--   rounds_covered   INTEGER  rounds added up, of a cohort those known; NULL when the span does not say
--   signed           BIGINT   projects signed
--   started          BIGINT   projects started
--   commissioned     BIGINT   projects commissioned
--   start_ratio      DOUBLE   started / signed; a flow ratio may pass 1, a cohort's lies in 0..1
--   commission_ratio DOUBLE   commissioned / started
--   overall_ratio    DOUBLE   commissioned / signed
--   start_ci_low     DOUBLE   lower end of the 95 % Wilson interval of start_ratio; NULL for flows, as are all intervals
--   start_ci_high    DOUBLE   upper end
--   commission_ci_low   DOUBLE  lower end for commission_ratio
--   commission_ci_high  DOUBLE  upper end
--   overall_ci_low   DOUBLE   lower end for overall_ratio
--   overall_ci_high  DOUBLE   upper end
--   signed_investment_cny        DECIMAL(18,2)  investment of the projects signed; of a cohort, of those whose investment is known
--   started_investment_cny       DECIMAL(18,2)  investment of the projects started
--   commissioned_investment_cny  DECIMAL(18,2)  investment of the projects commissioned
--   start_investment_ratio       DOUBLE  started / signed, by investment
--   commission_investment_ratio  DOUBLE  commissioned / started, by investment
--   overall_investment_ratio     DOUBLE  commissioned / signed, by investment
--   projects_without_investment  BIGINT  projects of the cohort signed whose investment is not known; NULL for flows
--   as_of            DATE     day whose knowledge this is, NULL for today's; of a cohort the latest day for which one of its projects is known
--   has_conflict     BOOLEAN  sources disagree on one of the figures
--   has_doubt        BOOLEAN  one of the claims held is doubted, see claims.doubt
--   has_approximate  BOOLEAN  a claim held, or an amount of a project, is printed as about, over or nearly
--   claim_ids        VARCHAR[]  claims held for the figures
with

-- The rounds with all three counts, added up: a part of the campaign unless
-- rounds_covered says otherwise. Money only where every round has it.
complete_rounds as (
    select
        campaign, area_id, universe,
        'all' as period,
        'all' as period_id,
        min(period_from) as period_from,
        max(period_to) as period_to,
        count(*)::integer as rounds_covered,
        sum(signed)::bigint as signed,
        sum(started)::bigint as started,
        sum(commissioned)::bigint as commissioned,
        if(count(signed_investment_cny) = count(*), sum(signed_investment_cny), null)
            ::decimal(18, 2) as signed_investment_cny,
        if(count(started_investment_cny) = count(*), sum(started_investment_cny), null)
            ::decimal(18, 2) as started_investment_cny,
        if(count(commissioned_investment_cny) = count(*), sum(commissioned_investment_cny), null)
            ::decimal(18, 2) as commissioned_investment_cny,
        bool_or(has_conflict) as has_conflict,
        bool_or(has_doubt) as has_doubt,
        bool_or(has_approximate) as has_approximate,
        list_sort(flatten(list(claim_ids))) as claim_ids,
    from stage_figures
    where
        period = 'round'
        and signed is not null and started is not null and commissioned is not null
    group by campaign, area_id, universe
    having count(*) > 1
),

flows as (
    select
        campaign, area_id, universe, period, period_id, period_from, period_to,
        if(period = 'round', 1, null)::integer as rounds_covered,
        signed, started, commissioned,
        signed_investment_cny, started_investment_cny, commissioned_investment_cny,
        has_conflict, has_doubt, has_approximate, claim_ids,
    from stage_figures
    where
        (signed is not null)::integer + (started is not null)::integer
        + (commissioned is not null)::integer >= 2
        or (signed_investment_cny is not null)::integer
        + (started_investment_cny is not null)::integer
        + (commissioned_investment_cny is not null)::integer >= 2
    union all by name
    select * from complete_rounds
),

cohorts as (
    select
        cohort_counts.* exclude (kind, key, zones_covered, observed_on),
        cohort_conversion.* exclude (campaign, synthetic, kind, key, period, period_id),
        cohort_counts.key as area_id,
        'ledger' as universe,
        'ledger_cohort' as basis,
        cohort_counts.observed_on as as_of,
        false as has_conflict,
        false as has_doubt,
        []::varchar[] as claim_ids,
    from cohort_counts
    inner join cohort_conversion using (campaign, synthetic, kind, key, period, period_id)
    where kind = 'area'
),

counted as (
    select flows.*, 'published_flow' as basis, false as synthetic, params.as_of,
    from flows
    cross join params
    union all by name
    select * from cohorts
)

select
    counted.campaign,
    counted.area_id,
    areas.name as area,
    areas.name_en as area_en,
    areas.level,
    counted.universe,
    counted.basis,
    counted.synthetic,
    counted.period,
    counted.period_id,
    if(counted.period in ('round', 'all'), counted.period_id, null) as round,
    counted.period_from,
    counted.period_to,
    counted.rounds_covered,
    counted.signed,
    counted.started,
    counted.commissioned,
    counted.started / nullif(counted.signed, 0) as start_ratio,
    counted.commissioned / nullif(counted.started, 0) as commission_ratio,
    counted.commissioned / nullif(counted.signed, 0) as overall_ratio,
    counted.start_ci_low,
    counted.start_ci_high,
    counted.commission_ci_low,
    counted.commission_ci_high,
    counted.overall_ci_low,
    counted.overall_ci_high,
    counted.signed_investment_cny,
    counted.started_investment_cny,
    counted.commissioned_investment_cny,
    counted.started_investment_cny::double / nullif(counted.signed_investment_cny, 0)
        as start_investment_ratio,
    counted.commissioned_investment_cny::double / nullif(counted.started_investment_cny, 0)
        as commission_investment_ratio,
    counted.commissioned_investment_cny::double / nullif(counted.signed_investment_cny, 0)
        as overall_investment_ratio,
    counted.projects_without_investment,
    counted.as_of,
    counted.has_conflict,
    counted.has_doubt,
    counted.has_approximate,
    counted.claim_ids,
from counted
inner join areas
    on counted.campaign = areas.campaign and counted.area_id = areas.area_id
order by
    counted.campaign, counted.area_id, counted.universe, counted.basis desc,
    counted.synthetic, counted.period, counted.period_id
