-- runs: what each run came to, read from its record in the warehouse.
select
    run,
    status,
    started_at,
    finished_at,
    version,
    error,
    program,
    rows.read as rows_read,
    rows.loaded as rows_loaded,
    rows.quarantined as rows_quarantined,
    rows.duplicates as rows_duplicates,
    rows.no_data as rows_without_data,
    len(warnings) as warnings,
    list_transform(stale, lambda s: s.source) as stale_sources,
    len(list_filter(steps, lambda s: s.action = 'built')) as steps_built,
    len(list_filter(steps, lambda s: s.action = 'reused')) as steps_reused
from read_json(%s, format = 'auto', columns = {
    run: 'VARCHAR', status: 'VARCHAR', started_at: 'TIMESTAMP', finished_at: 'TIMESTAMP', version: 'VARCHAR', error: 'VARCHAR', program: 'VARCHAR',
    rows: 'STRUCT(read BIGINT, loaded BIGINT, quarantined BIGINT, duplicates BIGINT, no_data BIGINT)',
    warnings: 'JSON[]', stale: 'STRUCT(source VARCHAR)[]', steps: 'STRUCT(kind VARCHAR, name VARCHAR, action VARCHAR)[]'
})
order by run
