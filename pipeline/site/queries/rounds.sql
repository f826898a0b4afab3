-- rounds: every round of every campaign, in the order of time.
select
    campaign,
    round,
    coalesce(series_position, 0) as position,
    label,
    held_on::varchar as held_on,
    held_from::varchar as held_from,
    held_to::varchar as held_to,
    date_status,
    venue,
    note,
from rounds
order by campaign, coalesce(held_on, held_from), year, ordinal, round
