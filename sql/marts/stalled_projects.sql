-- stalled_projects: the projects that have waited too long: signed and not started
-- (签约未开工), started and not commissioned (开工未投产), commissioned and below the
-- output expected of them (投产未达效), in the order in which a meeting would take them.
--
-- Too long is longer than the limit that the office has set for the zone's type in the
-- rules, else for all types; else than the median of the zone's type in stage_duration,
-- which half of its projects were faster than; else, where the type is not known or has
-- no median yet, than that of the campaign. Where there is no limit at all nothing is
-- stalled. A project whose day of the stage before is not known cannot be said to be
-- late: stage_duration counts it as undated.
--
-- At stake is the total investment, or after commissioning the annual output that is
-- still lacking. A meeting takes first what weighs most: at stake times the days over
-- the limit. Projects of which it is not known come after all others, the longest
-- waiting first, since unknown is not little.
--
-- grain:    campaign, synthetic, project_id
-- refs:     campaign, source_id -> sources.campaign, source_id
--
-- columns:
--   campaign        VARCHAR  campaign
--   synthetic       BOOLEAN  generated rows
--   transition      VARCHAR  what the project waits for: signed_to_started, started_to_commissioned or commissioned_to_on_target
--   position        INTEGER  place in the order of the meeting, within the transition, from 1
--   project_id      VARCHAR  project
--   name            VARCHAR  its name
--   zone_id         VARCHAR  zone, part or cluster that hosts it
--   zone_name       VARCHAR  its name
--   city_id         VARCHAR  city
--   city_name       VARCHAR  its name
--   zone_type       VARCHAR  type of the zone; NULL when not known
--   industry        VARCHAR  industry in the words of the ledger
--   investor        VARCHAR  investor
--   investment_cny  DECIMAL(18,2)  total investment; NULL when not known
--   approximate     BOOLEAN  an amount is printed as about, over or nearly
--   expected_output_cny  DECIMAL(18,2)  annual output expected; NULL when not known
--   actual_output_cny    DECIMAL(18,2)  annual output achieved; NULL when not known
--   at_stake_cny    DECIMAL(18,2)  investment that waits; after commissioning the annual output that is lacking
--   since           DATE     day of the stage before: the middle of a month or quarter where no day is known
--   observed_on     DATE     day up to which it is known to wait
--   waiting_days    INTEGER  observed_on less since
--   limit_days      INTEGER  days that it might have taken
--   limit_basis     VARCHAR  user: set by the office; zone_type_median; campaign_median
--   over_days       INTEGER  waiting_days less limit_days, from 1
--   over_ratio      DOUBLE   waiting_days / limit_days; NULL for a limit of 0
--   obstacle        VARCHAR  what holds it up, in the words of the ledger
--   source_id       VARCHAR  ledger that tells of it last
--   sheet           VARCHAR  its sheet
--   line            INTEGER  line
with

waiting as (
    select
        row_states.*,
        zone_types.zone_type,
        case
            when row_states.is_commissioned then 'commissioned_to_on_target'
            when row_states.is_started then 'started_to_commissioned'
            else 'signed_to_started'
        end as transition,
        case
            when row_states.is_commissioned
                then commissioned_on + ((commissioned_by - commissioned_on) // 2)::integer
            when row_states.is_started then started_on + ((started_by - started_on) // 2)::integer
            else signed_on + ((signed_by - signed_on) // 2)::integer
        end as since,
        row_states.observed_on - since as waiting_days,
    from row_states
    left join last_editions using (campaign, synthetic, project_id)
    left join zone_types using (campaign, zone_id)
    where
        (last_editions.edition is null or last_editions.edition = row_states.edition)
        and (row_states.is_signed or row_states.is_started)
        and not row_states.is_on_target
        and not coalesce(
            row_states.is_commissioned
            and row_states.actual_output_cny >= row_states.expected_output_cny,
            false
        )
),

medians as (
    select campaign, synthetic, transition, level, key, median_days,
    from stage_duration
    where level in ('zone_type', 'all') and median_days is not null
),

limited as (
    select
        waiting.*,
        coalesce(
            typed_limits.limit_days, all_limits.limit_days,
            typed_medians.median_days, all_medians.median_days
        ) as limit_days,
        case
            when coalesce(typed_limits.limit_days, all_limits.limit_days) is not null then 'user'
            when typed_medians.median_days is not null then 'zone_type_median'
            else 'campaign_median'
        end as limit_basis,
    from waiting
    left join limits as typed_limits
        on
            waiting.campaign = typed_limits.campaign
            and waiting.transition = typed_limits.transition
            and waiting.zone_type = typed_limits.zone_type
    left join (from limits where zone_type is null) as all_limits
        on
            waiting.campaign = all_limits.campaign
            and waiting.transition = all_limits.transition
    left join (from medians where level = 'zone_type') as typed_medians
        on
            waiting.campaign = typed_medians.campaign
            and waiting.synthetic = typed_medians.synthetic
            and waiting.transition = typed_medians.transition
            and waiting.zone_type = typed_medians.key
    left join (from medians where level = 'all') as all_medians
        on
            waiting.campaign = all_medians.campaign
            and waiting.synthetic = all_medians.synthetic
            and waiting.transition = all_medians.transition
),

stalled as (
    select
        *,
        waiting_days - limit_days as over_days,
        if(
            is_commissioned, expected_output_cny - actual_output_cny, investment_cny
        ) as at_stake_cny,
    from limited
    where waiting_days > limit_days
)

select
    stalled.campaign,
    stalled.synthetic,
    stalled.transition,
    row_number() over (
        partition by stalled.campaign, stalled.synthetic, stalled.transition
        order by
            stalled.at_stake_cny::double * stalled.over_days desc nulls last,
            stalled.over_days desc, stalled.project_id
    )::integer as position,
    stalled.project_id,
    stalled.name,
    stalled.zone_id,
    zones.name as zone_name,
    stalled.city_id,
    cities.name as city_name,
    stalled.zone_type,
    stalled.industry,
    stalled.investor,
    stalled.investment_cny,
    stalled.approximate,
    stalled.expected_output_cny,
    stalled.actual_output_cny,
    stalled.at_stake_cny::decimal(18, 2) as at_stake_cny,
    stalled.since,
    stalled.observed_on,
    stalled.waiting_days::integer as waiting_days,
    stalled.limit_days,
    stalled.limit_basis,
    stalled.over_days::integer as over_days,
    stalled.waiting_days / nullif(stalled.limit_days, 0) as over_ratio,
    stalled.obstacle,
    stalled.source_id,
    stalled.sheet,
    stalled.line,
from stalled
left join areas as zones
    on stalled.campaign = zones.campaign and stalled.zone_id = zones.area_id
left join areas as cities
    on stalled.campaign = cities.campaign and stalled.city_id = cities.area_id
order by stalled.campaign, stalled.synthetic, stalled.transition, position
