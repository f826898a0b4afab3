-- stalled: the stalled projects in the order of the meeting, at most $most of each
-- transition (0 for all), with the number and the money of all, in 亿元.
select
    stalled_projects.transition,
    count(*) over every as in_transition,
    sum(stalled_projects.at_stake_cny) over every::double / 1e8 as at_stake_in_transition,
    stalled_projects.position::double as position,
    stalled_projects.name,
    stalled_projects.zone_name,
    zones.name_en as zone_name_en,
    stalled_projects.city_name,
    cities.name_en as city_name_en,
    stalled_projects.industry,
    stalled_projects.investor,
    stalled_projects.investment_cny::double / 1e8 as investment_yi,
    stalled_projects.at_stake_cny::double / 1e8 as at_stake_yi,
    stalled_projects.approximate,
    stalled_projects.since,
    stalled_projects.waiting_days::double as waiting_days,
    stalled_projects.limit_days::double as limit_days,
    stalled_projects.over_days::double as over_days,
    stalled_projects.over_ratio,
    stalled_projects.limit_basis,
    stalled_projects.obstacle,
    coalesce(ledger_sheets.file, stalled_projects.source_id) as file,
    stalled_projects.sheet,
    stalled_projects.line,
from stalled_projects
left join areas as zones
    on
        stalled_projects.campaign = zones.campaign
        and stalled_projects.zone_id = zones.area_id
left join areas as cities
    on
        stalled_projects.campaign = cities.campaign
        and stalled_projects.city_id = cities.area_id
left join ledger_sheets
    on
        stalled_projects.campaign = ledger_sheets.campaign
        and stalled_projects.source_id = ledger_sheets.source_id
        and stalled_projects.sheet is not distinct from ledger_sheets.sheet
where
    stalled_projects.campaign = $campaign
    and stalled_projects.synthetic = $synthetic
window every as (partition by stalled_projects.transition)
qualify $most = 0 or stalled_projects.position <= $most
order by
    list_position(
        ['signed_to_started', 'started_to_commissioned', 'commissioned_to_on_target'],
        stalled_projects.transition
    ),
    stalled_projects.position
