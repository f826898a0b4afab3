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
    from month_cells
    union all
    select *, greatest(month, until_month) as turn, -1 as sign
    from month_cells
    where until_month is not null
),

changes as (
    select
        campaign, synthetic, zone_id, county_id, city_id, turn as month,
        sum(sign * projects) filter (where cut = 'known') as projects,
        sum(sign * signed) as signed,
        sum(sign * started_of_signed) as started_of_signed,
        sum(sign * started) as started,
        sum(sign * commissioned) as commissioned,
        sum(sign * outputs) as outputs,
        sum(sign * expected_output_cny) as expected_output_cny,
        sum(sign * actual_output_cny) as actual_output_cny,
        sum(sign * projects) filter (where cut = 'signed') as revised_signed,
        sum(sign * projects) filter (where cut = 'started_of_signed')
            as revised_started_of_signed,
        sum(sign * projects) filter (where cut = 'started') as revised_started,
        sum(sign * projects) filter (where cut = 'commissioned') as revised_commissioned,
    from ends
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

together as (
    select * from changes
    union all by name
    select * from reported
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
