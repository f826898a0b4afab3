-- scorecard_years: the years that were assessed, the first first.
select distinct year
from zone_scorecard
where campaign = $campaign and synthetic = $synthetic
order by year
