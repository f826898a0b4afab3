-- scorecard: the yearly assessments, by type of zone, the first in rank first.
select
    year,
    zone_id,
    zone_type,
    status = 'assessed' as assessed,
    reason,
    projects::double as projects,
    score,
    rank::double as rank,
    ranked_of::double as ranked_of,
    rank_low::double as rank_low,
    rank_high::double as rank_high,
    reserve_score,
    recruitment_score,
    construction_score,
    service_score,
    coverage,
    observed_on::varchar as observed_on,
from zone_scorecard
where campaign = $campaign and synthetic = $synthetic
order by
    year,
    list_position(['industrial', 'agriculture', 'tourism'], zone_type) nulls last,
    zone_type,
    rank nulls last,
    zone_id
