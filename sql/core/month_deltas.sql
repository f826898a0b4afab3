-- month_deltas: by how much the counts of the monthly bulletin change at a month end,
-- by place. Their running sums are the counts themselves, so that a ledger of thirty
-- editions is read once and not thirty times.
--
-- Counts without a mark are those that were known at that month end. Those marked
-- revised are what today's ledgers say of that month end: the last word on each
-- project, by the days of its events; an event whose day is not known counts from the
-- edition that tells of it.
--
-- grain:    campaign, synthetic, zone_id?, county_id?, city_id?, month
--
-- columns:
--   campaign            VARCHAR  campaign
--   synthetic           BOOLEAN  generated rows
--   zone_id             VARCHAR  zone, part or cluster
--   county_id           VARCHAR  county
--   city_id             VARCHAR  city
--   month               DATE     last day of the month
--   editions            BIGINT   rows of the place in the ledgers of this month; 0 when it did not report
--   projects            BIGINT   projects, more or fewer
--   signed              BIGINT   of them signed
--   started_of_signed   BIGINT   signed and started
--   started             BIGINT   started, their signing known or not
--   commissioned        BIGINT   commissioned
--   outputs             BIGINT   commissioned, with the expected and the actual output known
--   expected_output_cny DECIMAL(18,2)  expected output of these
--   actual_output_cny   DECIMAL(18,2)  actual output of these
--   revised_signed      BIGINT   signed, as known today
--   revised_started_of_signed  BIGINT  signed and started, as known today
--   revised_started     BIGINT   started, as known today
--   revised_commissioned  BIGINT   commissioned, as known today
with

-- Both ends of what a row says: it comes in at one month end and goes out at another.
ends as (
    select *, month as turn, 1 as sign
    from month_rows
    union all
    select *, until_month as turn, -1 as sign
    from month_rows
    where until_month is not null
),

known as (
    select
        campaign, synthetic, zone_id, county_id, city_id, turn as month,
        sum(sign) as projects,
        sum(sign) filter (where is_signed) as signed,
        sum(sign) filter (where is_signed and is_started) as started_of_signed,
        sum(sign) filter (where is_started) as started,
        sum(sign) filter (where is_commissioned) as commissioned,
        sum(sign) filter (where has_outputs) as outputs,
        sum(sign * expected_output_cny) filter (where has_outputs) as expected_output_cny,
        sum(sign * actual_output_cny) filter (where has_outputs) as actual_output_cny,
    from (
        select
            *,
            is_commissioned and expected_output_cny > 0 and actual_output_cny is not null
                as has_outputs,
        from ends
    )
    group by all
),

reported as (
    select
        projects.campaign, projects.synthetic, projects.zone_id, projects.county_id,
        projects.city_id, last_day(projects.as_of) as month,
        count(*) as editions,
    from projects
    inner join ledger_editions using (campaign, synthetic, source_id, as_of)
    where projects.as_of is not null
    group by all
),

-- The last word on each project: when each event counts, once it is known.
last_words as (
    select
        campaign, synthetic, zone_id, county_id, city_id, until_month,
        if(
            is_signed, last_day(coalesce(signed_by, least(started_by, commissioned_by, on_target_by), as_of)), null
        ) as signed_month,
        if(
            is_started, last_day(coalesce(started_by, least(commissioned_by, on_target_by), as_of)), null
        ) as started_month,
        if(
            is_commissioned, last_day(coalesce(commissioned_by, on_target_by, as_of)), null
        ) as commissioned_month,
    from month_rows
    where is_last
),

events as (
    select
        campaign, synthetic, zone_id, county_id, city_id, until_month,
        unnest([
            {kind: 'signed', month: signed_month},
            {kind: 'started', month: started_month},
            {
                kind: 'started_of_signed',
                month: if(
                    signed_month is null or started_month is null, null,
                    greatest(signed_month, started_month)
                )
            },
            {kind: 'commissioned', month: commissioned_month}
        ]) as event,
    from last_words
),

revisions as (
    select
        campaign, synthetic, zone_id, county_id, city_id, turn as month,
        sum(sign) filter (where kind = 'signed') as revised_signed,
        sum(sign) filter (where kind = 'started_of_signed') as revised_started_of_signed,
        sum(sign) filter (where kind = 'started') as revised_started,
        sum(sign) filter (where kind = 'commissioned') as revised_commissioned,
    from (
        select * exclude (event, until_month), event.kind as kind, event.month as turn, 1 as sign
        from events
        where event.month is not null
        union all
        select
            * exclude (event, until_month), event.kind as kind,
            greatest(event.month, until_month) as turn, -1 as sign,
        from events
        where event.month is not null and until_month is not null
    )
    group by all
),

together as (
    select * from known
    union all by name
    select * from reported
    union all by name
    select * from revisions
)

select
    campaign,
    synthetic,
    zone_id,
    county_id,
    city_id,
    month,
    coalesce(sum(editions), 0)::bigint as editions,
    coalesce(sum(projects), 0)::bigint as projects,
    coalesce(sum(signed), 0)::bigint as signed,
    coalesce(sum(started_of_signed), 0)::bigint as started_of_signed,
    coalesce(sum(started), 0)::bigint as started,
    coalesce(sum(commissioned), 0)::bigint as commissioned,
    coalesce(sum(outputs), 0)::bigint as outputs,
    coalesce(sum(expected_output_cny), 0)::decimal(18, 2) as expected_output_cny,
    coalesce(sum(actual_output_cny), 0)::decimal(18, 2) as actual_output_cny,
    coalesce(sum(revised_signed), 0)::bigint as revised_signed,
    coalesce(sum(revised_started_of_signed), 0)::bigint as revised_started_of_signed,
    coalesce(sum(revised_started), 0)::bigint as revised_started,
    coalesce(sum(revised_commissioned), 0)::bigint as revised_commissioned,
from together
group by all
