-- type_conversion: from signed to started to commissioned, by type of zone and
-- period. Flows are the sum over the zones with all three counts published for the
-- period; cohorts are the projects of the ledgers in zones of the type.
-- zones_covered against zones_registered says how little or much that is. See
-- area_conversion for the two kinds of ratio.
--
-- zh: 各类开发区、各期间从签约到开工再到投产的转化。流量为该期三个数都已公布的开发
-- 区之和；队列为台账中位于该类开发区的项目。zones_covered 与 zones_registered 对照，
-- 可知覆盖多少。两种比率的区别见 area_conversion。
--
-- grain:    campaign, zone_type, universe, basis, synthetic, period, period_id
--
-- columns:
--   campaign                     like area_conversion
--   zone_type                    VARCHAR! {industrial, agriculture, tourism}  industrial, agriculture or tourism
--     zh: 开发区类型：工业、现代农业、生态文旅
--   universe                     like area_conversion
--   basis                        like area_conversion
--   synthetic                    like area_conversion
--   period                       VARCHAR! {round, annual, cumulative, other, all}  round, annual, cumulative, other, or all (cohorts only: all projects signed, the round known or not)
--     zh: 期间类别：期次、年度、累计、其他，或 all（仅队列：全部已签约项目，不论期次是否已知）
--   period_id                    like area_conversion
--   round                        like area_conversion
--   period_from                  like area_conversion
--   period_to                    like area_conversion
--   rounds_covered               like area_conversion
--   signed                       like area_conversion
--   started                      like area_conversion
--   commissioned                 like area_conversion
--   start_ratio                  like area_conversion
--   commission_ratio             like area_conversion
--   overall_ratio                like area_conversion
--   start_ci_low                 like area_conversion
--   start_ci_high                like area_conversion
--   commission_ci_low            like area_conversion
--   commission_ci_high           like area_conversion
--   overall_ci_low               like area_conversion
--   overall_ci_high              like area_conversion
--   signed_investment_cny        like area_conversion
--   started_investment_cny       like area_conversion
--   commissioned_investment_cny  like area_conversion
--   start_investment_ratio       like area_conversion
--   commission_investment_ratio  like area_conversion
--   overall_investment_ratio     like area_conversion
--   projects_without_investment  like area_conversion
--   zones_covered                BIGINT! [zones] 0..  zones added up; a part counts as its zone
--     zh: 计入的开发区数；片区算作其开发区
--   zones_registered             BIGINT! [zones] 0..  zones of the type in the registry
--     zh: 名录中该类开发区数
--   zones_verified               BIGINT! [zones] 0..  of those, zones that a public source shows
--     zh: 其中见有公开出处的开发区数
--   as_of                        like area_conversion
--   has_conflict                 like area_conversion
--   has_doubt                    like area_conversion
--   has_approximate              like area_conversion
--   claim_ids                    like area_conversion
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
