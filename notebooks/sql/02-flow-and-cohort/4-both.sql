-- SYNTHETIC. Flow and cohort of the same rows, by year.
with

by_year as (
    select year(signed_on) as year, count(*) as signed, count(started_on) as started_since,
    from projects
    where campaign = 'shanxi' and synthetic and signed_on is not null
    group by year
),

starts as (
    select year(started_on) as year, count(*) as started_in_year,
    from projects
    where campaign = 'shanxi' and synthetic and started_on is not null
    group by year
)

select year, signed, started_in_year, started_in_year / signed as flow_ratio, started_since, started_since / signed as cohort_ratio,
from by_year
inner join starts using (year)
order by year
