-- month_cells: how many projects the ledgers tell of alike: by place, by the month from
-- which a row holds and the one from which it does no longer, and by the month in which
-- an event happened as known today. Two passes over the ledgers, however many months
-- they tell of; month_deltas makes the bulletin's changes of it.
--
-- grain:    campaign, synthetic, zone_id?, county_id?, city_id?, cut, month?, until_month?
--
-- columns:
--   campaign            VARCHAR  campaign
--   synthetic           BOOLEAN  generated rows
--   zone_id             VARCHAR  zone, part or cluster
--   county_id           VARCHAR  county
--   city_id             VARCHAR  city
--   cut                 VARCHAR  known: what was said at a month end; signed, started_of_signed, started or commissioned: when that happened, by the last word on each project
--   month               DATE     last day of the month in which this was said first, or in which it happened
--   until_month         DATE     last day of the month from which it holds no longer; NULL when it still does
--   projects            BIGINT   projects
--   signed              BIGINT   of them signed; this and what follows for the cut known only
--   started_of_signed   BIGINT   signed and started
--   started             BIGINT   started, their signing known or not
--   commissioned        BIGINT   commissioned
--   outputs             BIGINT   commissioned, with the expected and the actual output known
--   expected_output_cny DECIMAL(18,2)  expected output of these
--   actual_output_cny   DECIMAL(18,2)  actual output of these
with

-- When each event counts, once it is known: on its day or, where that is not known, when
-- a ledger told of it.
timed as (
    select
        * exclude (month),
        month as known_month,
        if(
            is_last and is_signed,
            last_day(coalesce(signed_by, least(started_by, commissioned_by, on_target_by), as_of)),
            null
        ) as signed_month,
        if(
            is_last and is_started,
            last_day(coalesce(started_by, least(commissioned_by, on_target_by), as_of)), null
        ) as started_month,
        if(
            signed_month is null or started_month is null, null,
            greatest(signed_month, started_month)
        ) as both_month,
        if(
            is_last and is_commissioned,
            last_day(coalesce(commissioned_by, on_target_by, as_of)), null
        ) as commissioned_month,
        is_commissioned and expected_output_cny > 0 and actual_output_cny is not null
            as has_outputs,
    from month_rows
),

known as (
    select
        campaign, synthetic, zone_id, county_id, city_id, 'known' as cut,
        known_month as month, until_month,
        count(*) as projects,
        count(*) filter (where is_signed) as signed,
        count(*) filter (where is_signed and is_started) as started_of_signed,
        count(*) filter (where is_started) as started,
        count(*) filter (where is_commissioned) as commissioned,
        count(*) filter (where has_outputs) as outputs,
        coalesce(sum(expected_output_cny) filter (where has_outputs), 0) as expected_output_cny,
        coalesce(sum(actual_output_cny) filter (where has_outputs), 0) as actual_output_cny,
    from timed
    group by all
),

-- Apart from the sums, which would be carried along in each of the sets.
happened as (
    select
        campaign, synthetic, zone_id, county_id, city_id,
        case 0
            when grouping(signed_month) then 'signed'
            when grouping(both_month) then 'started_of_signed'
            when grouping(started_month) then 'started'
            else 'commissioned'
        end as cut,
        coalesce(signed_month, both_month, started_month, commissioned_month) as month,
        until_month,
        count(*) as projects,
    from timed
    group by grouping sets (
        (campaign, synthetic, zone_id, county_id, city_id, until_month, signed_month),
        (campaign, synthetic, zone_id, county_id, city_id, until_month, both_month),
        (campaign, synthetic, zone_id, county_id, city_id, until_month, started_month),
        (campaign, synthetic, zone_id, county_id, city_id, until_month, commissioned_month)
    )
),

cells as (
    select * from known
    union all by name
    -- A project that the event has not happened to is in no month.
    select * from happened
    where month is not null
)

select
    campaign,
    synthetic,
    zone_id,
    county_id,
    city_id,
    cut,
    month,
    until_month,
    projects,
    signed,
    started_of_signed,
    started,
    commissioned,
    outputs,
    expected_output_cny::decimal(18, 2) as expected_output_cny,
    actual_output_cny::decimal(18, 2) as actual_output_cny,
from cells
