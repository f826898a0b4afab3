-- duration_counts: how many projects took how many days from one stage to the next,
-- or had been waiting for so long when last seen, by place and by industry. Days are
-- counted between the middles of what is known of two dates: a month is its 16th.
-- A project whose output has come up to what was expected is on target, by a day that
-- is not known if the ledger gives none.
--
-- grain:    campaign, synthetic, transition, cut, zone_id?, county_id?, city_id?, industry?, outcome, days?
--
-- columns:
--   campaign      VARCHAR  campaign
--   synthetic     BOOLEAN  generated rows
--   transition    VARCHAR  signed_to_started, started_to_commissioned or commissioned_to_on_target
--   cut           VARCHAR  place or industry: which keys are set
--   zone_id       VARCHAR  zone, part or cluster
--   county_id     VARCHAR  county
--   city_id       VARCHAR  city
--   industry      VARCHAR  industry
--   outcome       VARCHAR  event, censored (not there yet when last seen), undated (a day is not known) or impossible (the later stage is dated before the earlier)
--   days          INTEGER  days taken, or waited so far; NULL for undated and impossible
--   projects      BIGINT   projects
with

-- Days and outcome go through the grouping as one number, days * 4 + outcome, and
-- all transitions in one pass: a row for each would double the work.
packed as (
    select
        campaign, synthetic, zone_id, county_id, city_id, industry,
        signed_on + ((signed_by - signed_on) // 2)::integer as signed_mid,
        started_on + ((started_by - started_on) // 2)::integer as started_mid,
        commissioned_on + ((commissioned_by - commissioned_on) // 2)::integer
            as commissioned_mid,
        on_target_on + ((on_target_by - on_target_on) // 2)::integer as on_target_mid,
        case
            when not is_signed then null
            when signed_mid is null or is_started and started_mid is null then 2
            when started_by < signed_on then 3
            -- Where the spans of two dates overlap the middles may stand in disorder.
            when is_started then greatest(started_mid - signed_mid, 0) * 4
            else greatest(observed_on - signed_mid, 0) * 4 + 1
        end::integer as to_started,
        case
            when not is_started then null
            when started_mid is null or is_commissioned and commissioned_mid is null then 2
            when commissioned_by < started_on then 3
            when is_commissioned then greatest(commissioned_mid - started_mid, 0) * 4
            else greatest(observed_on - started_mid, 0) * 4 + 1
        end::integer as to_commissioned,
        case
            when not is_commissioned then null
            when
                commissioned_mid is null
                or on_target_mid is null
                and (is_on_target or coalesce(actual_output_cny >= expected_output_cny, false))
                then 2
            when on_target_by < commissioned_on then 3
            when is_on_target then greatest(on_target_mid - commissioned_mid, 0) * 4
            else greatest(observed_on - commissioned_mid, 0) * 4 + 1
        end::integer as to_on_target,
    from project_states
    where is_signed or is_started
),

grouped as (
    select
        campaign, synthetic, zone_id, county_id, city_id, industry,
        to_started, to_commissioned, to_on_target,
        grouping(to_started) = 0 as is_start,
        grouping(to_commissioned) = 0 as is_commissioning,
        grouping(industry) = 0 as is_industry,
        count(*) as projects,
    from packed
    group by grouping sets (
        (campaign, synthetic, zone_id, county_id, city_id, to_started),
        (campaign, synthetic, zone_id, county_id, city_id, to_commissioned),
        (campaign, synthetic, zone_id, county_id, city_id, to_on_target),
        (campaign, synthetic, industry, to_started),
        (campaign, synthetic, industry, to_commissioned),
        (campaign, synthetic, industry, to_on_target)
    )
),

unpacked as (
    select
        *,
        case
            when is_start then to_started
            when is_commissioning then to_commissioned
            else to_on_target
        end as code,
    from grouped
)

select
    campaign,
    synthetic,
    case
        when is_start then 'signed_to_started'
        when is_commissioning then 'started_to_commissioned'
        else 'commissioned_to_on_target'
    end as transition,
    if(is_industry, 'industry', 'place') as cut,
    zone_id,
    county_id,
    city_id,
    industry,
    ['event', 'censored', 'undated', 'impossible'][code % 4 + 1] as outcome,
    if(code % 4 < 2, code // 4, null)::integer as days,
    projects,
from unpacked
where code is not null
