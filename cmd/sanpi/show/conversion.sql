-- conversion: the flow ratios of areas of some levels, biggest areas first.
select
    area_conversion.level,
    area_conversion.area,
    area_conversion.area_en,
    areas.verified,
    area_conversion.period,
    area_conversion.period_id,
    area_conversion.universe,
    universes.meaning_zh as universe_zh,
    area_conversion.rounds_covered,
    area_conversion.signed::double as signed,
    area_conversion.started::double as started,
    area_conversion.commissioned::double as commissioned,
    area_conversion.start_ratio,
    area_conversion.commission_ratio,
    area_conversion.overall_ratio,
    area_conversion.has_conflict,
    area_conversion.has_doubt,
from area_conversion
inner join areas using (campaign, area_id)
left join universes on area_conversion.universe = universes.code
where
    area_conversion.campaign = $campaign
    and area_conversion.basis = 'published_flow'
    and list_contains(string_split($levels, ','), area_conversion.level)
    and ($area = '' or area_conversion.area_id = $area)
    and coalesce(
        area_conversion.start_ratio, area_conversion.commission_ratio,
        area_conversion.overall_ratio
    ) is not null
order by
    list_position(['province', 'city', 'zone', 'zone_part', 'county'], area_conversion.level),
    area_conversion.area_id,
    universes.preference,
    area_conversion.period = 'all',
    area_conversion.period_to,
    area_conversion.period_id,
    area_conversion.universe
