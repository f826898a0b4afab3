-- Flow ratios of cities in single rounds, the largest first.
select a.campaign, a.city_id as area_id, a.city as area, a.city_en as area_en, a.period_id, a.signed, a.started, a.start_ratio
from city_conversion as a
where a.basis = 'published_flow' and a.period = 'round' and a.start_ratio is not null and a.universe = 'as_published'
order by a.start_ratio desc, a.campaign, a.city_id, a.period_id
