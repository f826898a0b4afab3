-- campaigns: the campaigns of the warehouse with a headline series first, with
-- the area that each belongs to.
select
    rounds.campaign,
    count(*) as rounds,
    count(rounds.series_position) as series_rounds,
    if(count(rounds.series_position) > 0, any_value(rounds.area_id), null) as area_id,
    if(count(rounds.series_position) > 0, any_value(areas.name), null) as area,
    if(count(rounds.series_position) > 0, any_value(areas.name_en), null) as area_en,
from rounds
left join areas using (campaign, area_id)
group by rounds.campaign
order by series_rounds = 0, rounds.campaign = 'shanxi' desc, rounds.campaign
