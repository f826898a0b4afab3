-- type_conversion: from signed to started to commissioned, by type of zone and
-- period: the sum over the zones with all three counts published for the period.
-- zones_covered against zones_registered says how little or much that is.
--
-- grain:    campaign, zone_type, universe, basis, period, period_id
--
-- columns:
--   campaign         VARCHAR  campaign
--   zone_type        VARCHAR  industrial, agriculture or tourism
--   universe         VARCHAR  which projects the figures count
--   basis            VARCHAR  published_flow: figures published for one period, divided
--   period           VARCHAR  round, annual, cumulative or other
--   period_id        VARCHAR  key of the period
--   round            VARCHAR  round id; NULL for years and spans
--   period_from      DATE     first day covered; NULL when not known
--   period_to        DATE     last day covered; NULL when not known
--   rounds_covered   INTEGER  rounds added up; NULL when the span does not say
--   signed           BIGINT   projects signed
--   started          BIGINT   projects started
--   commissioned     BIGINT   projects commissioned
--   start_ratio      DOUBLE   started / signed; a flow ratio may pass 1
--   commission_ratio DOUBLE   commissioned / started
--   overall_ratio    DOUBLE   commissioned / signed
--   signed_investment_cny        DECIMAL(18,2)  investment of the projects signed
--   started_investment_cny       DECIMAL(18,2)  investment of the projects started
--   commissioned_investment_cny  DECIMAL(18,2)  investment of the projects commissioned
--   start_investment_ratio       DOUBLE  started / signed, by investment
--   commission_investment_ratio  DOUBLE  commissioned / started, by investment
--   overall_investment_ratio     DOUBLE  commissioned / signed, by investment
--   zones_covered    BIGINT   zones added up; a part counts as its zone
--   zones_registered BIGINT   zones of the type in the registry
--   zones_verified   BIGINT   of those, zones that a public source shows
--   as_of            DATE     day whose knowledge this is; NULL for today's
--   has_conflict     BOOLEAN  sources disagree on one of the figures
--   has_doubt        BOOLEAN  one of the claims held is doubted, see claims.doubt
--   has_approximate  BOOLEAN  one of the claims held is printed as about, over or nearly
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
        campaign, zone_type, universe, basis, period, period_id,
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
    group by campaign, zone_type, universe, basis, period, period_id
)

select
    added.campaign,
    added.zone_type,
    added.universe,
    added.basis,
    added.period,
    added.period_id,
    if(added.period = 'round', added.period_id, null) as round,
    added.period_from,
    added.period_to,
    added.rounds_covered,
    added.signed,
    added.started,
    added.commissioned,
    added.started / nullif(added.signed, 0) as start_ratio,
    added.commissioned / nullif(added.started, 0) as commission_ratio,
    added.commissioned / nullif(added.signed, 0) as overall_ratio,
    added.signed_investment_cny,
    added.started_investment_cny,
    added.commissioned_investment_cny,
    added.started_investment_cny::double / nullif(added.signed_investment_cny, 0)
        as start_investment_ratio,
    added.commissioned_investment_cny::double / nullif(added.started_investment_cny, 0)
        as commission_investment_ratio,
    added.commissioned_investment_cny::double / nullif(added.signed_investment_cny, 0)
        as overall_investment_ratio,
    added.zones_covered,
    registered.zones_registered,
    registered.zones_verified,
    params.as_of,
    added.has_conflict,
    added.has_doubt,
    added.has_approximate,
    added.claim_ids,
from added
inner join registered using (campaign, zone_type)
cross join params
order by added.campaign, added.zone_type, added.universe, added.period, added.period_id
