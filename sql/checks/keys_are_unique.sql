-- keys_are_unique: no two rows of a table have one key.
select 'claims' as "table", campaign, claim_id as key, count(*) as rows from claims group by all having count(*) > 1
union all
select 'areas' as "table", campaign, area_id as key, count(*) as rows from areas group by all having count(*) > 1
union all
select 'sources' as "table", campaign, source_id as key, count(*) as rows from sources group by all having count(*) > 1
union all
select 'rounds' as "table", campaign, round as key, count(*) as rows from rounds group by all having count(*) > 1
