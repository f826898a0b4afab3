-- Who signed what in one round, city by city, and how much of the total do the cities explain?
-- zh: 某一期各市签约多少？占全省多少？
--
-- row:      a city
-- key:      city_id
--
-- columns:
--   city_id            VARCHAR  city
--   city               VARCHAR  its name
--   signed             BIGINT [projects]  published for the city; NULL when missing
--   share_of_province  DOUBLE [ratio]  of the published provincial total; NULL when either is missing
--   status             VARCHAR  published or missing
--
-- The shares add up to less than 1 while cities are missing; what is left belongs to them,
-- not to nobody.
with

figures as (
    select area_id, universe, value
    from facts
    where campaign = 'shanxi' and round = '2023-4' and stage = 'signed' and metric = 'projects' and universe = 'as_published'
)

select
    cities.area_id as city_id,
    cities.name as city,
    figures.value::bigint as signed,
    (figures.value / province.value)::double as share_of_province,
    if(figures.value is null, 'missing', 'published') as status,
from areas as cities
left join figures on cities.area_id = figures.area_id
left join figures as province on cities.parent_id = province.area_id
where cities.campaign = 'shanxi' and cities.level = 'city'
order by signed desc nulls last, city_id;
