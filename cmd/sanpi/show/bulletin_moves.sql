-- bulletin_moves: the projects that moved the rates of the areas of a level in a month,
-- the largest first, at most $most of an area, with the number of all.
with recursive

-- The areas in which each area lies, with itself.
climbed as (
    select area_id, area_id as whole_id
    from areas
    where campaign = $campaign
    union
    select climbed.area_id, above.whole_id
    from climbed
    inner join (
        select area_id, unnest([parent_id, city_id]) as whole_id
        from areas
        where campaign = $campaign
    ) as above
        on climbed.whole_id = above.area_id
    where above.whole_id is not null
),

-- What the place of a project is at the level.
placed as (
    select distinct
        climbed.area_id as place_id,
        if($level = 'zone_type', areas.zone_type, areas.area_id) as key,
    from climbed
    inner join areas
        on areas.campaign = $campaign and climbed.whole_id = areas.area_id
    where
        if(
            $level = 'zone_type', areas.zone_type is not null,
            areas.level = $level
            or ($level = 'zone' and areas.level in ('zone_part', 'cluster'))
        )
),

monthly as (
    select
        *,
        change_signed <> 0 or change_started_of_signed <> 0 or change_started <> 0
        or change_commissioned <> 0 or change_expected_output_cny <> 0
        or change_actual_output_cny <> 0 as is_change,
    from progress_moves
    where campaign = $campaign and synthetic = $synthetic and month = $month::date
),

sides as (
    select monthly.project_id, placed.key, true as is_now
    from monthly
    inner join placed on monthly.zone_id = placed.place_id
    union all
    select monthly.project_id, placed.key, false as is_now
    from monthly
    inner join placed on monthly.zone_before_id = placed.place_id
),

touched as (
    select project_id, key, bool_or(is_now) as is_now, bool_or(not is_now) as was_before
    from sides
    group by all
),

told as (
    select
        touched.key,
        monthly.name,
        monthly.investment_cny,
        monthly.as_of,
        monthly.project_id,
        case
            when not list_contains(monthly.moves, 'moved') then monthly.moves
            when not touched.is_now then ['moved_out']
            when not touched.was_before
                then list_transform(monthly.moves, lambda move: if(move = 'moved', 'moved_in', move))
            else monthly.moves
        end as moves,
    from touched
    inner join monthly using (project_id)
    where
        monthly.is_change
        or (list_contains(monthly.moves, 'moved') and touched.is_now <> touched.was_before)
)

select
    told.key,
    progress_bulletin.name as area,
    progress_bulletin.name_en as area_en,
    count(*) over (partition by told.key) as in_area,
    told.name,
    array_to_string(told.moves, ',') as moves,
    told.investment_cny::double / 1e8 as investment_yi,
    told.as_of,
from told
inner join progress_bulletin
    on
        progress_bulletin.campaign = $campaign
        and progress_bulletin.synthetic = $synthetic
        and progress_bulletin.month = $month::date
        and progress_bulletin.level = $level
        and progress_bulletin.key = told.key
qualify
    row_number() over (
        partition by told.key order by told.investment_cny desc nulls last, told.project_id
    ) <= $most
order by
    list_position(['industrial', 'agriculture', 'tourism'], progress_bulletin.ranked_in)
    nulls last,
    progress_bulletin.ranked_in,
    told.key,
    told.investment_cny desc nulls last,
    told.project_id
