-- reconciliation: every published total beside the sum of its parts, with the
-- difference; also totals without parts and parts without a total.
--
-- kind stages: a total of stages against signed, started and commissioned.
-- kind areas: a province against its cities, a city against its zones; a sum that
-- falls short is partial, never a difference, since other areas may hold the rest.
-- kind rounds: a year or span against the rounds in it; doubted totals are left out.
--
-- grain:    campaign, kind, area_id, universe, period, period_id, stage, metric
-- refs:     campaign, area_id -> areas.campaign, area_id
-- units:    total, parts_sum and difference are projects or yuan, by metric
--
-- columns:
--   campaign        VARCHAR  campaign
--   kind            VARCHAR  stages, areas or rounds
--   area_id         VARCHAR  area of the total
--   area            VARCHAR  name of the area
--   universe        VARCHAR  which projects the figures count
--   period          VARCHAR  period of the total
--   period_id       VARCHAR  key of the period
--   stage           VARCHAR  stage of the total: total when kind is stages
--   metric          VARCHAR  projects, investment or annual_output
--   total           DECIMAL(18,4)  published total; NULL when none is
--   parts_sum       DECIMAL(18,4)  sum of the parts; NULL when none is known
--   difference      DECIMAL(18,4)  total - parts_sum
--   parts_known     BIGINT   parts with a figure
--   parts_expected  BIGINT   parts in the registry, or rounds of the span; NULL for stages, where fits tells
--   status          VARCHAR  exact, differs, partial (parts are missing), exceeds (the parts pass the total), no_parts or no_total
--   fits            VARCHAR  of stages: those whose sum equals the total, or neither
--   stated          VARCHAR  of stages: those that the page says the total adds
--   has_conflict    BOOLEAN  sources disagree on the total or on a part
--   has_doubt       BOOLEAN  a claim held for the total or a part is doubted, see claims.doubt
--   claim_ids       VARCHAR[]  claims behind total and parts
with

compared as (
    select
        campaign, 'stages' as kind, area_id, universe, period, period_id,
        'total' as stage, metric, total, parts_sum, parts_known,
        null::bigint as parts_expected, fits, stated, has_conflict, has_doubt, claim_ids,
        fits is not null or (stated = 'signed+started' and parts_known >= 2) as is_complete,
    from stage_totals
    union all
    select
        campaign, 'areas' as kind, area_id, universe, 'round' as period,
        round as period_id, stage, metric, total, parts_sum, parts_known,
        parts_expected, null as fits, null as stated, has_conflict, has_doubt, claim_ids,
        -- Zones may report beside the cities, and the registry may not be whole:
        -- what the parts fall short of the total is no contradiction.
        false as is_complete,
    from area_totals
    union all
    select
        campaign, 'rounds' as kind, area_id, universe, period, period_id, stage, metric,
        total, known_sum as parts_sum, len(rounds_known) as parts_known,
        len(rounds_known) + len(rounds_missing) as parts_expected,
        null as fits, null as stated, has_conflict, doubt is not null as has_doubt,
        list_concat([claim_id], known_claim_ids) as claim_ids,
        len(rounds_missing) = 0 as is_complete,
    from span_parts
)

select
    compared.campaign,
    compared.kind,
    compared.area_id,
    areas.name as area,
    compared.universe,
    compared.period,
    compared.period_id,
    compared.stage,
    compared.metric,
    compared.total,
    compared.parts_sum,
    (compared.total - compared.parts_sum)::decimal(18, 4) as difference,
    compared.parts_known,
    compared.parts_expected,
    case
        when compared.total is null then 'no_total'
        when compared.parts_sum is null then 'no_parts'
        when compared.total = compared.parts_sum then 'exact'
        when compared.parts_sum > compared.total then 'exceeds'
        when compared.is_complete then 'differs'
        else 'partial'
    end as status,
    compared.fits,
    compared.stated,
    compared.has_conflict,
    compared.has_doubt,
    compared.claim_ids,
from compared
inner join areas
    on compared.campaign = areas.campaign and compared.area_id = areas.area_id
order by
    compared.campaign, compared.kind, compared.area_id, compared.period_id,
    compared.universe, compared.stage, compared.metric
