-- cohorts: of the projects that the ledgers hold, the share that came further, for
-- the campaign's area, its cities and its zones.
select
    area_conversion.level,
    area_conversion.area,
    area_conversion.area_en,
    area_conversion.synthetic,
    area_conversion.as_of,
    area_conversion.signed::double as signed,
    area_conversion.started::double as started,
    area_conversion.start_ratio,
    area_conversion.start_ci_low,
    area_conversion.start_ci_high,
    area_conversion.commissioned::double as commissioned,
    area_conversion.overall_ratio,
    area_conversion.overall_ci_low,
    area_conversion.overall_ci_high,
from area_conversion
where
    area_conversion.campaign = $campaign
    and area_conversion.basis = 'ledger_cohort'
    and area_conversion.period = 'all'
    and list_contains(string_split($levels, ','), area_conversion.level)
order by
    area_conversion.synthetic,
    list_position(['province', 'city', 'zone'], area_conversion.level),
    area_conversion.area_id
