-- campaigns: those of the version, the main one first, each with its province where it
-- has just one.
with

provinces as (
    select campaign, any_value(area_id) as area_id, any_value(name) as name, any_value(name_en) as name_en
    from areas
    where level = 'province'
    group by campaign
    having count(*) = 1
)

select
    rounds.campaign as id,
    provinces.area_id,
    provinces.name,
    provinces.name_en,
    count(*) as rounds,
    count(rounds.series_position) as series,
from rounds
left join provinces using (campaign)
group by rounds.campaign, provinces.area_id, provinces.name, provinces.name_en
order by series = 0, id = 'shanxi' desc, id
