-- stage_totals: each published total of stages beside its parts, and parts that
-- no total covers. Whether a total leaves the commissioned out is told by which
-- sum fits, never assumed.
--
-- grain:    campaign, area_id, universe, period, period_id, metric
--
-- columns:
--   campaign     VARCHAR  campaign
--   area_id      VARCHAR  area
--   universe     VARCHAR  which projects the figures count
--   period       VARCHAR  round, annual, cumulative or other
--   period_id    VARCHAR  key of the period
--   metric       VARCHAR  projects, investment or annual_output
--   total        DECIMAL(18,4)  published total; NULL when none is
--   stated       VARCHAR  stages that the page says the total adds
--   fits         VARCHAR  stages whose sum equals the total; neither; NULL when parts are missing
--   parts_known  BIGINT   stages with a figure
--   parts_sum    DECIMAL(18,4)  sum of the parts that fit, else of those known
--   has_conflict BOOLEAN  sources disagree on the total or on a part
--   has_doubt    BOOLEAN  a claim held for the total or a part is doubted
--   claim_ids    VARCHAR[]  claims behind total and parts
with

side_by_side as (
    select
        campaign, area_id, universe, period, period_id, metric,
        max(value) filter (where stage = 'total') as total,
        max(value) filter (where stage = 'signed') as signed,
        max(value) filter (where stage = 'started') as started,
        max(value) filter (where stage = 'commissioned') as commissioned,
        max(claim_id) filter (where stage = 'total') as total_claim_id,
        bool_or(agreement = 'conflict') as has_conflict,
        bool_or(doubt is not null) as has_doubt,
        list(claim_id order by claim_id) as claim_ids,
    from facts
    where
        stage in ('total', 'signed', 'started', 'commissioned')
        and metric in ('projects', 'investment', 'annual_output')
    group by all
),

fitted as (
    select
        *,
        signed + started + commissioned as sum_of_three,
        signed + started as sum_of_two,
        case
            when total = sum_of_three then 'signed+started+commissioned'
            when total = sum_of_two then 'signed+started'
            when sum_of_three is not null then 'neither'
        end as fits,
    from side_by_side
)

select
    fitted.campaign,
    fitted.area_id,
    fitted.universe,
    fitted.period,
    fitted.period_id,
    fitted.metric,
    fitted.total,
    known_claims.total_of as stated,
    fitted.fits,
    (fitted.signed is not null)::bigint + (fitted.started is not null)::bigint
        + (fitted.commissioned is not null)::bigint as parts_known,
    case
        when fitted.fits = 'signed+started' then fitted.sum_of_two
        -- Where the page names the stages, only those are added.
        when known_claims.total_of = 'signed+started'
            then coalesce(fitted.sum_of_two, fitted.signed, fitted.started)
        when coalesce(fitted.signed, fitted.started, fitted.commissioned) is not null
            then coalesce(fitted.signed, 0) + coalesce(fitted.started, 0)
                + coalesce(fitted.commissioned, 0)
    end::decimal(18, 4) as parts_sum,
    fitted.has_conflict,
    fitted.has_doubt,
    fitted.claim_ids,
from fitted
left join known_claims
    on
        fitted.campaign = known_claims.campaign
        and fitted.total_claim_id = known_claims.claim_id
