-- Flow ratios of the provinces by year: started over signed as published. No conversion.
select campaign, area_id, area, area_en, universe, period_id as year, signed, started, start_ratio, has_conflict
from area_conversion
where level = 'province' and basis = 'published_flow' and period = 'annual' and start_ratio is not null
order by campaign, universe, year
