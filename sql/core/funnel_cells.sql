-- funnel_cells: the signed projects of the ledgers by the round of their signing, the
-- months within which they started and were commissioned, and the months for which
-- they have been watched. Days are the middles of what is known of a date.
--
-- grain:    campaign, synthetic, signed_round?, outcome, started_month?, commissioned_month?, watched_months?, has_undated_start, has_undated_commissioning
--
-- columns:
--   campaign            VARCHAR  campaign
--   synthetic           BOOLEAN  generated rows
--   signed_round        VARCHAR  round of the signing; NULL when not known
--   outcome             VARCHAR  counted, undated (no day of signing) or impossible (started or commissioned before the signing)
--   started_month       INTEGER  months within which they started, 61 for more than 60; NULL when they had not, or the day is not known
--   commissioned_month  INTEGER  months within which they were commissioned
--   watched_months      INTEGER  whole months from signing to the last day for which they are known, at most 60
--   has_undated_start   BOOLEAN  started, on a day not known
--   has_undated_commissioning  BOOLEAN  commissioned, on a day not known
--   projects            BIGINT   projects
with

middles as (
    select
        campaign, synthetic, signed_round, observed_on, is_started, is_commissioned,
        signed_on, started_by, commissioned_by,
        signed_on + ((signed_by - signed_on) // 2)::integer as signed_mid,
        -- What has reached its output had been commissioned, and what has been
        -- commissioned had started.
        coalesce(
            commissioned_on + ((commissioned_by - commissioned_on) // 2)::integer,
            on_target_on + ((on_target_by - on_target_on) // 2)::integer
        ) as commissioned_mid,
        least(
            started_on + ((started_by - started_on) // 2)::integer, commissioned_mid
        ) as started_mid,
    from project_states
    where is_signed
),

-- Months as people add them: 31 January and a month is 28 February. A day in the same
-- month or before the day of signing is within the calendar's difference, one after it
-- within one more; and a month has been watched when that day is over or the month is.
measured as (
    select
        *,
        datediff('month', signed_mid, started_mid)
        + (day(signed_mid) < day(started_mid))::integer as to_started,
        datediff('month', signed_mid, commissioned_mid)
        + (day(signed_mid) < day(commissioned_mid))::integer as to_commissioned,
        datediff('month', signed_mid, observed_on)
        - (day(signed_mid) > day(observed_on) and last_day(observed_on) > observed_on)
            ::integer as to_observed,
    from middles
)

select
    campaign,
    synthetic,
    signed_round,
    case
        when signed_mid is null then 'undated'
        when started_by < signed_on or commissioned_by < signed_on then 'impossible'
        else 'counted'
    end as outcome,
    -- least and greatest pass over a NULL, which here means not yet.
    case when to_started is not null then least(greatest(to_started, 0), 61) end::integer
        as started_month,
    case
        when to_commissioned is not null then least(greatest(to_commissioned, 0), 61)
    end::integer as commissioned_month,
    case when to_observed is not null then least(to_observed, 60) end::integer
        as watched_months,
    is_started and started_mid is null as has_undated_start,
    is_commissioned and commissioned_mid is null as has_undated_commissioning,
    count(*) as projects,
from measured
group by all
