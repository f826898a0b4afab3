-- The ledger's 23 columns normalised by DuckDB: dates in the usual forms, amounts
-- in three units, marks, stages and zone names. It checks less than sanpi does: no
-- quarantine, no duplicates, no order of the dates, no scale of the amounts.
create or replace macro day(t) as coalesce(
    try_strptime(trim(t), ['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y年%m月%d日', '%Y%m%d', '%Y年%m月', '%Y.%m'])::date,
    if(regexp_full_match(trim(t), '\d{5}'), date '1899-12-30' + trim(t)::integer, null)
);
create or replace macro yuan(t) as (
    case
        when regexp_full_match(trim(t), '[约]?[\d,]+(\.\d+)?(亿元?)?')
            then try_cast(replace(regexp_extract(t, '[\d,]+(\.\d+)?'), ',', '')::double * 100000000 as decimal(18, 2))
        when regexp_full_match(trim(t), '[约]?[\d,]+(\.\d+)?万元')
            then try_cast(replace(regexp_extract(t, '[\d,]+(\.\d+)?'), ',', '')::double * 10000 as decimal(18, 2))
    end
);
create or replace macro mark(t) as (
    case when trim(t) in ('是', '√', 'Y', '1', '有') then true when trim(t) in ('否', '×', 'N', '0', '无') then false end
);
copy (
    select
        trim(项目代码) as code, trim(项目名称) as name, zones.area_id as zone_id, trim(所在市) as city, trim(行业) as industry,
        trim(投资方) as investor, trim(建设内容) as content, yuan("总投资(亿元)") as investment_cny,
        yuan("预计年产值(亿元)") as expected_output_cny, yuan("实际年产值(亿元)") as actual_output_cny, day(签约日期) as signed_on,
        trim(签约期次) as signed_round, day(开工日期) as started_on, day(投产日期) as commissioned_on, day(达效日期) as on_target_on,
        trim(项目阶段) as stage, mark(承诺制) as commitment,
        mark(标准地) as standard_land, mark(全代办) as full_agency, trim(链主企业) as chain_leader, trim(存在问题) as obstacle, trim(备注) as note,
    from read_csv($source, header = true, all_varchar = true, delim = ',', quote = '"', strict_mode = false) as ledger
    left join read_csv($zones, header = true, all_varchar = true) as zones on trim(所在开发区) = zones.name
) to $target (format parquet, compression zstd);
