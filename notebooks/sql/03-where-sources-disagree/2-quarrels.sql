-- Facts on which exact claims disagree.
select
    f.campaign, f.area_id, a.name as area, a.name_en as area_en, f.period_id, f.stage, f.metric, f.value, f.low, f.high,
    (f.high - f.low) / nullif(f.value, 0) as spread, f.voices,
from facts as f
inner join areas as a on f.campaign = a.campaign and f.area_id = a.area_id
where f.agreement = 'conflict'
order by spread desc, f.campaign, f.area_id, f.period_id, f.stage, f.metric
