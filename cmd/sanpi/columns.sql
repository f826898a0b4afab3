-- columns: those of every table and mart of a version, and what they mean.
select duckdb_columns.table_name, duckdb_columns.column_name, duckdb_columns.data_type, coalesce(dictionary.meaning, '') as meaning
from duckdb_columns()
left join dictionary using (table_name, column_name)
where not duckdb_columns.internal
order by duckdb_columns.table_name, duckdb_columns.column_index
