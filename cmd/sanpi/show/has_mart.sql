-- has_mart: whether the warehouse has a mart.
select count(*) > 0 as has_mart
from information_schema.tables
where table_name = $mart
