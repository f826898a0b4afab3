-- stalled: the stalled projects in the order of the meeting: the first of each
-- transition in the province, and the first of each zone.
select
    stalled_projects.transition,
    count(*) over every::double as in_transition,
    sum(stalled_projects.at_stake_cny) over every::double as at_stake_in_transition_cny,
    stalled_projects.position::double as position,
    row_number() over zone::double as zone_position,
    count(*) over (partition by stalled_projects.zone_id)::double as in_zone,
    stalled_projects.name,
    stalled_projects.zone_id,
    stalled_projects.city_id,
    stalled_projects.at_stake_cny::double as at_stake_cny,
    stalled_projects.approximate,
    stalled_projects.since::varchar as since,
    stalled_projects.observed_on::varchar as observed_on,
    stalled_projects.waiting_days::double as waiting_days,
    stalled_projects.limit_days::double as limit_days,
    stalled_projects.over_days::double as over_days,
    stalled_projects.limit_basis,
    stalled_projects.obstacle,
    coalesce(regexp_extract(ledger_sheets.file, '[^/\\]*$'), stalled_projects.source_id) as file,
    stalled_projects.sheet,
    stalled_projects.line::double as line,
from stalled_projects
left join ledger_sheets
    on
        stalled_projects.campaign = ledger_sheets.campaign
        and stalled_projects.source_id = ledger_sheets.source_id
        and stalled_projects.sheet is not distinct from ledger_sheets.sheet
where stalled_projects.campaign = $campaign and stalled_projects.synthetic = $synthetic
window
    every as (partition by stalled_projects.transition),
    zone as (
        partition by stalled_projects.zone_id
        order by
            list_position(
                ['signed_to_started', 'started_to_commissioned', 'commissioned_to_on_target'],
                stalled_projects.transition
            ),
            stalled_projects.position
    )
qualify position <= $most or zone_position <= $most_of_zone
order by
    list_position(
        ['signed_to_started', 'started_to_commissioned', 'commissioned_to_on_target'],
        stalled_projects.transition
    ),
    stalled_projects.position
