-- scorecard: one year of the assessment, by type of zone, the first in rank first.
select
    zone_scorecard.zone_name,
    zone_scorecard.zone_name_en,
    cities.name as city,
    cities.name_en as city_en,
    zone_scorecard.zone_type,
    zone_scorecard.status = 'assessed' as is_assessed,
    zone_scorecard.reason,
    zone_scorecard.projects::double as projects,
    zone_scorecard.score,
    zone_scorecard.rank::double as rank,
    zone_scorecard.ranked_of::double as ranked_of,
    zone_scorecard.rank_low::double as rank_low,
    zone_scorecard.rank_high::double as rank_high,
    zone_scorecard.reserve_score,
    zone_scorecard.recruitment_score,
    zone_scorecard.construction_score,
    zone_scorecard.service_score,
    zone_scorecard.coverage,
    zone_scorecard.observed_on,
from zone_scorecard
left join areas as cities
    on zone_scorecard.campaign = cities.campaign and zone_scorecard.city_id = cities.area_id
where
    zone_scorecard.campaign = $campaign
    and zone_scorecard.synthetic = $synthetic
    and zone_scorecard.year = $year
order by
    list_position(['industrial', 'agriculture', 'tourism'], zone_scorecard.zone_type) nulls last,
    zone_scorecard.zone_type,
    zone_scorecard.rank nulls last,
    zone_scorecard.zone_id
