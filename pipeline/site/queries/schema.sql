-- schema: the columns of every table and mart, and what they mean.
select
    duckdb_columns.table_name as relation,
    duckdb_columns.column_name as name,
    duckdb_columns.data_type as type,
    dictionary.unit,
    dictionary.meaning,
    dictionary.meaning_zh,
from duckdb_columns()
left join dictionary using (table_name, column_name)
where not duckdb_columns.internal and duckdb_columns.schema_name = 'main'
order by duckdb_columns.table_name, duckdb_columns.column_index
