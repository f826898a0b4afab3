-- period_rounds: the rounds that a year or a span surely covers. A round whose
-- day is not known counts when its bounds, or else its year, lie within. A span
-- that cuts through such bounds, or whose first day is not known, covers
-- nothing surely.
--
-- grain:    campaign, period, period_id, province_id, round
--
-- columns:
--   campaign     VARCHAR  campaign
--   period       VARCHAR  annual or cumulative
--   period_id    VARCHAR  key of the period
--   province_id  VARCHAR  province whose rounds these are
--   round        VARCHAR  round covered
with

spans as (
    select distinct
        campaign, period, period_id,
        -- A year covers all of its rounds, wherever its claims begin to count.
        if(period = 'annual', make_date(period_id::integer, 1, 1), period_from) as first_day,
        if(period = 'annual', make_date(period_id::integer, 12, 31), period_to) as last_day,
    from facts
    where
        period = 'annual'
        or (period = 'cumulative' and period_from is not null and period_to is not null)
),

dated as (
    select
        rounds.campaign,
        rounds.round,
        area_provinces.province_id,
        coalesce(rounds.held_on, rounds.held_from, make_date(rounds.year, 1, 1)) as earliest,
        coalesce(rounds.held_on, rounds.held_to, make_date(rounds.year, 12, 31)) as latest,
    from rounds
    inner join area_provinces using (campaign, area_id)
),

placed as (
    select
        spans.campaign, spans.period, spans.period_id, dated.province_id, dated.round,
        dated.earliest >= spans.first_day and dated.latest <= spans.last_day as is_inside,
        dated.latest < spans.first_day or dated.earliest > spans.last_day as is_outside,
    from spans
    inner join dated using (campaign)
),

-- One round of which it is not known whether it lies inside spoils the span.
sure as (
    select campaign, period, period_id, province_id
    from placed
    group by all
    having bool_and(coalesce(is_inside, false) or coalesce(is_outside, false))
)

select
    placed.campaign,
    placed.period,
    placed.period_id,
    placed.province_id,
    placed.round,
from placed
inner join sure using (campaign, period, period_id, province_id)
where placed.is_inside
