-- What somebody would write for DuckDB who has one clean ledger, of one day, before them:
-- days known to the day, one campaign, no parts of zones, no history. BenchmarkMarts sets
-- the models beside it.
create temp table hand_conversion as
select
    zone_id,
    count(*) as signed,
    count(*) filter (where started_on <= as_of or commissioned_on <= as_of) as started,
    count(*) filter (where commissioned_on <= as_of) as commissioned,
    sum(investment_cny) as investment_cny,
    started / signed as start_ratio,
from projects
where signed_on <= as_of
group by rollup (zone_id);

create temp table hand_bulletin as
select
    coalesce(zone_id, city_id, 'all') as key,
    count(*) filter (where signed_on <= as_of) as signed,
    count(*) filter (where started_on <= as_of) as started,
    count(*) filter (where commissioned_on <= as_of) as commissioned,
    started / signed as start_rate,
    commissioned / started as commission_rate,
    sum(actual_output_cny) filter (where commissioned_on <= as_of)
    / sum(expected_output_cny) filter (
        where commissioned_on <= as_of and actual_output_cny is not null
    ) as target_rate,
    rank() over (partition by grouping(zone_id) order by start_rate desc) as start_rank,
from projects
group by grouping sets ((zone_id), (city_id), ());

create temp table hand_durations as
with days as (
    select
        a.zone_type as key,
        unnest([
            {t: 'start', d: coalesce(p.started_on, p.as_of) - p.signed_on, e: p.started_on is not null},
            {
                t: 'commission', d: coalesce(p.commissioned_on, p.as_of) - p.started_on,
                e: p.commissioned_on is not null
            }
        ], recursive := true),
    from projects as p
    inner join areas as a on p.zone_id = a.area_id
),

counts as (
    select key, t, d, count(*) as leaving, count(*) filter (where e) as events,
    from days
    where d is not null
    group by all
),

curve as (
    select
        *,
        sum(leaving) over (partition by key, t order by d desc) as at_risk,
    from counts
),

survival as (
    select
        *,
        exp(sum(ln(greatest(1 - events / at_risk, 1e-300))) over (partition by key, t order by d)) as s,
    from curve
)

select key, t, min(d) filter (where s <= 0.5) as median_days,
from survival
group by all;

create temp table hand_stalled as
with waiting as (
    select
        p.*,
        case when p.started_on is null then 'start' else 'commission' end as t,
        p.as_of - coalesce(p.started_on, p.signed_on) as waiting_days,
        a.zone_type,
    from projects as p
    inner join areas as a on p.zone_id = a.area_id
    where p.commissioned_on is null
)

select
    w.project_id, w.name, w.investor, w.zone_id, w.t, w.waiting_days, d.median_days,
    w.investment_cny, w.obstacle, w.source_id, w.line,
    row_number() over (
        partition by w.t order by w.investment_cny::double * (w.waiting_days - d.median_days) desc
    ) as position,
from waiting as w
inner join hand_durations as d on w.zone_type = d.key and w.t = d.t
where w.waiting_days > d.median_days;
