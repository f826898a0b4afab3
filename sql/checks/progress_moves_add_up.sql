-- progress_moves_add_up: between two months that a province reported, its counts change
-- by just what the projects that moved say.
with

moved as (
    select
        campaign, synthetic, month,
        sum(change_signed) as change_signed,
        sum(change_started) as change_started,
        sum(change_commissioned) as change_commissioned,
    from progress_moves
    group by all
),

-- Moves of months without an edition of anybody do not exist, so that those between two
-- reports are those of the later one.
reports as (
    select
        campaign, synthetic, month,
        signed - lag(signed) over months as change_signed,
        started - lag(started) over months as change_started,
        commissioned - lag(commissioned) over months as change_commissioned,
    from progress_bulletin
    where level = 'province' and status = 'reported'
    window months as (partition by campaign, synthetic, key order by month)
    qualify
        count(*) over (partition by campaign, synthetic, month) = 1
        and lag(month) over months is not null
)

select
    reports.campaign, reports.synthetic, reports.month,
    reports.change_signed, moved.change_signed as moves_signed,
    reports.change_started, moved.change_started as moves_started,
    reports.change_commissioned, moved.change_commissioned as moves_commissioned,
from reports
left join moved using (campaign, synthetic, month)
where
    reports.change_signed <> coalesce(moved.change_signed, 0)
    or reports.change_started <> coalesce(moved.change_started, 0)
    or reports.change_commissioned <> coalesce(moved.change_commissioned, 0)
