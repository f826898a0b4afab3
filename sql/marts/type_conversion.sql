-- type_conversion: from signed to started to commissioned, by type of zone and
-- period. Flows are the sum over the zones with all three counts published for the
-- period; cohorts are the projects of the ledgers in zones of the type.
-- zones_covered against zones_registered says how little or much that is. See
-- area_conversion for the two kinds of ratio.
--
-- grain:    campaign, zone_type, universe, basis, synthetic, period, period_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   zone_type        VARCHAR  industrial, agriculture or tourism
--   universe         VARCHAR  which projects the figures count; ledger: those in the ledgers loaded
--   basis            VARCHAR  published_flow: figures published for one period, divided; ledger_cohort: of the projects signed in the period, the share that came further by as_of
--   synthetic        BOOLEAN  counts generated ledger rows; false for all that is published
--   period           VARCHAR  round, annual, cumulative, other, or all (cohorts only: all projects signed, the round known or not)
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
--   zones_covered    BIGINT   zones added up; a part counts as its zone
--   zones_registered BIGINT   zones of the type in the registry
--   zones_verified   BIGINT   of those, zones that a public source shows
--   as_of            DATE     day whose knowledge this is, NULL for today's; of a cohort the latest day for which one of its projects is known
--   has_conflict     BOOLEAN  sources disagree on one of the figures
--   has_doubt        BOOLEAN  one of the claims held is doubted, see claims.doubt
--   has_approximate  BOOLEAN  a claim held, or an amount of a project, is printed as about, over or nearly
--   claim_ids        VARCHAR[]  claims held for the figures
with

registered as (
    select
        campaign,
        zone_type,
        count(*) as zones_registered,
        count(*) filter (where verified) as zones_verified,
    from areas
    where level = 'zone' and zone_type is not null
    group by all
),

complete_zones as (
    select
        zone_conversion.*,
        if(zone_conversion.level = 'zone_part', areas.parent_id, areas.area_id) as whole_id,
    from zone_conversion
    inner join areas
        on
            zone_conversion.campaign = areas.campaign
            and zone_conversion.zone_id = areas.area_id
    where
        zone_conversion.signed is not null
        and zone_conversion.started is not null
        and zone_conversion.commissioned is not null
        and zone_conversion.zone_type is not null
        -- Cohorts are counted project by project, see below.
        and zone_conversion.basis = 'published_flow'
        -- The rounds behind "all" differ from zone to zone.
        and zone_conversion.period <> 'all'
),

-- A part is left out where its zone has figures of its own.
counted_once as (
    select *
    from complete_zones
    qualify
        level = 'zone'
        or bool_and(level = 'zone_part') over (
            partition by campaign, whole_id, universe, period, period_id
        )
),

added as (
    select
        campaign, zone_type, universe, period, period_id,
        min(period_from) as period_from,
        max(period_to) as period_to,
        max(rounds_covered)::integer as rounds_covered,
        sum(signed)::bigint as signed,
        sum(started)::bigint as started,
        sum(commissioned)::bigint as commissioned,
        if(count(signed_investment_cny) = count(*), sum(signed_investment_cny), null)
            ::decimal(18, 2) as signed_investment_cny,
        if(count(started_investment_cny) = count(*), sum(started_investment_cny), null)
            ::decimal(18, 2) as started_investment_cny,
        if(count(commissioned_investment_cny) = count(*), sum(commissioned_investment_cny), null)
            ::decimal(18, 2) as commissioned_investment_cny,
        count(distinct whole_id) as zones_covered,
        bool_or(has_conflict) as has_conflict,
        bool_or(has_doubt) as has_doubt,
        bool_or(has_approximate) as has_approximate,
        list_sort(flatten(list(claim_ids))) as claim_ids,
    from counted_once
    group by campaign, zone_type, universe, period, period_id
),

cohorts as (
    select
        cohort_counts.* exclude (kind, key, observed_on),
        cohort_conversion.* exclude (campaign, synthetic, kind, key, period, period_id),
        cohort_counts.key as zone_type,
        'ledger' as universe,
        'ledger_cohort' as basis,
        cohort_counts.observed_on as as_of,
        false as has_conflict,
        false as has_doubt,
        []::varchar[] as claim_ids,
    from cohort_counts
    inner join cohort_conversion using (campaign, synthetic, kind, key, period, period_id)
    where kind = 'zone_type'
),

counted as (
    select added.*, 'published_flow' as basis, false as synthetic, params.as_of,
    from added
    cross join params
    union all by name
    select * from cohorts
)

select
    counted.campaign,
    counted.zone_type,
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
    counted.zones_covered,
    registered.zones_registered,
    registered.zones_verified,
    counted.as_of,
    counted.has_conflict,
    counted.has_doubt,
    counted.has_approximate,
    counted.claim_ids,
from counted
inner join registered using (campaign, zone_type)
order by
    counted.campaign, counted.zone_type, counted.universe, counted.basis desc,
    counted.synthetic, counted.period, counted.period_id
