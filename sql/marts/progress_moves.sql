-- progress_moves: what moved the rates of progress_bulletin: for each month end the
-- projects that came in, went out, changed zone, or were told to have come further or,
-- since a day was withdrawn, less far than the ledgers before had said.
--
-- The differences add up: the sum of change_started over a zone and a month is what its
-- count of started projects changed by since its month before. A project that changes
-- zone is in the sums of both: -1 where zone_before_id is the zone, +1 where zone_id is;
-- where it has another id in its new zone (moved_projects) it has a row for each.
-- Of the first month of a campaign nothing is told: there is no month before.
--
-- zh: 月度通报各率因何而动：每个月末新进、退出、换区的项目，以及被告知进度更靠前（
-- 或因日期撤回而更靠后）的项目。
--
-- 增减可以相加：某开发区某月 change_started 之和，即其开工数较上月的变化。换区的项
-- 目计入两区：zone_before_id 处减 1,zone_id 处加 1；在新区另有编号者（
-- moved_projects）各有一行。活动的首月没有上月，不作说明。
--
-- grain:    campaign, synthetic, month, project_id
--
-- columns:
--   campaign                    VARCHAR!  campaign
--     zh: 活动
--   synthetic                   BOOLEAN!  generated rows
--     zh: 是否合成数据
--   month                       DATE!  month end
--     zh: 月末日期
--   project_id                  VARCHAR!  project
--     zh: 项目编号
--   name                        VARCHAR  its name in the ledger
--     zh: 台账中的项目名称
--   zone_id                     VARCHAR  zone, else county or city; NULL when it went out
--     zh: 所在开发区，否则为县或市；退出者为空
--   zone_before_id              VARCHAR  zone, else county or city, the month before; NULL when it came in
--     zh: 上月所在开发区，否则为县或市；新进者为空
--   moves                       VARCHAR[]! {entered, left, moved, moved_in, moved_out, signed, started, commissioned, signing_withdrawn, start_withdrawn, commissioning_withdrawn, output}  entered, left, moved; moved_in and moved_out where it has another id in the other zone; signed, started, commissioned, signing_withdrawn, start_withdrawn, commissioning_withdrawn, output
--     zh: 变动：entered 新进、left 退出、moved 换区；换区后另有编号者为 moved_in、moved_out;signed、started、commissioned 为进到该阶段，…_withdrawn 为该阶段日期撤回；output 为产值变动
--   change_signed               INTEGER! [projects] -1..1  1, 0 or -1: signed now less signed before
--     zh: 签约计数的变化：1、0 或 -1
--   change_started_of_signed    INTEGER! [projects] -1..1  signed and started
--     zh: 已签约且已开工计数的变化
--   change_started              INTEGER! [projects] -1..1  started
--     zh: 开工计数的变化
--   change_commissioned         INTEGER! [projects] -1..1  commissioned
--     zh: 投产计数的变化
--   change_expected_output_cny  DECIMAL(18,2)! [CNY per year]  expected output that counts in the target rate
--     zh: 计入达效率的预计年产值的变化（元）
--   change_actual_output_cny    DECIMAL(18,2)! [CNY per year]  actual output that counts in it
--     zh: 计入达效率的实际年产值的变化（元）
--   investment_cny              DECIMAL(18,2) [CNY] 0..  total investment; NULL when not known
--     zh: 总投资（元）；未知为空
--   source_id                   VARCHAR  ledger that tells of it; of left, the last one that had it
--     zh: 说明此事的台账；退出者为最后载有它的台账
--   as_of                       DATE  day for which that ledger speaks
--     zh: 该台账的截至日期
with

firsts as (
    select campaign, synthetic, min(month) as first_month
    from month_cells
    where cut = 'known'
    group by all
),

-- What was told in the first month and holds to this day has moved nothing; where a
-- campaign has one edition that is all.
counted as (
    select
        campaign, synthetic, project_id, month, until_month, as_of,
        coalesce(zone_id, county_id, city_id) as place_id,
        is_signed::integer as signed,
        (is_signed and is_started)::integer as started_of_signed,
        is_started::integer as started,
        is_commissioned::integer as commissioned,
        coalesce(is_commissioned and expected_output_cny > 0 and actual_output_cny is not null, false)
            as has_outputs,
        if(has_outputs, expected_output_cny, 0) as expected_output_cny,
        if(has_outputs, actual_output_cny, 0) as actual_output_cny,
    from month_rows
    inner join firsts using (campaign, synthetic)
    where month > first_month or until_month is not null
),

paired as (
    select
        *,
        lag(until_month) over project is not distinct from month as follows,
        lag(struct_pack(
            place_id := place_id, signed := signed, started_of_signed := started_of_signed,
            started := started, commissioned := commissioned,
            expected_output_cny := expected_output_cny, actual_output_cny := actual_output_cny
        )) over project as earlier,
        lead(month) over project as next_month,
    from counted
    window project as (partition by campaign, synthetic, project_id order by month)
),

steps as (
    select
        campaign, synthetic, project_id, month, as_of,
        place_id,
        if(follows, earlier.place_id, null) as place_before_id,
        signed - if(follows, earlier.signed, 0) as change_signed,
        started_of_signed - if(follows, earlier.started_of_signed, 0)
            as change_started_of_signed,
        started - if(follows, earlier.started, 0) as change_started,
        commissioned - if(follows, earlier.commissioned, 0) as change_commissioned,
        expected_output_cny - if(follows, earlier.expected_output_cny, 0)
            as change_expected_output_cny,
        actual_output_cny - if(follows, earlier.actual_output_cny, 0)
            as change_actual_output_cny,
    from paired
    union all
    select
        campaign, synthetic, project_id, until_month as month, as_of,
        null as place_id,
        place_id as place_before_id,
        -signed as change_signed,
        -started_of_signed as change_started_of_signed,
        -started as change_started,
        -commissioned as change_commissioned,
        -expected_output_cny as change_expected_output_cny,
        -actual_output_cny as change_actual_output_cny,
    from paired
    where until_month is not null and next_month is distinct from until_month
),

told as (
    select
        steps.*,
        list_filter([
            if(
                steps.place_before_id is null,
                if(arrivals.next_project_id is null, 'entered', 'moved_in'), null
            ),
            if(
                steps.place_id is null,
                if(departures.project_id is null, 'left', 'moved_out'), null
            ),
            if(steps.place_id <> steps.place_before_id, 'moved', null),
            if(steps.change_signed > 0 and arrivals.next_project_id is null, 'signed', null),
            if(steps.change_started > 0 and arrivals.next_project_id is null, 'started', null),
            if(
                steps.change_commissioned > 0 and arrivals.next_project_id is null,
                'commissioned', null
            ),
            if(steps.place_id is not null and steps.change_signed < 0, 'signing_withdrawn', null),
            if(steps.place_id is not null and steps.change_started < 0, 'start_withdrawn', null),
            if(
                steps.place_id is not null and steps.change_commissioned < 0,
                'commissioning_withdrawn', null
            ),
            if(
                steps.change_expected_output_cny <> 0 or steps.change_actual_output_cny <> 0,
                'output', null
            )
        ], lambda move: move is not null) as moves,
    from steps
    inner join firsts using (campaign, synthetic)
    left join moved_projects as departures
        on
            steps.campaign = departures.campaign
            and steps.synthetic = departures.synthetic
            and steps.project_id = departures.project_id
            and steps.month = last_day(departures.vanished_as_of)
    left join (
        select distinct campaign, synthetic, next_project_id, last_day(moved_as_of) as month
        from moved_projects
    ) as arrivals
        on
            steps.campaign = arrivals.campaign
            and steps.synthetic = arrivals.synthetic
            and steps.project_id = arrivals.next_project_id
            and steps.month = arrivals.month
    where steps.month > firsts.first_month
)

select
    told.campaign,
    told.synthetic,
    told.month,
    told.project_id,
    projects.name,
    told.place_id as zone_id,
    told.place_before_id as zone_before_id,
    told.moves,
    told.change_signed::integer as change_signed,
    told.change_started_of_signed::integer as change_started_of_signed,
    told.change_started::integer as change_started,
    told.change_commissioned::integer as change_commissioned,
    told.change_expected_output_cny::decimal(18, 2) as change_expected_output_cny,
    told.change_actual_output_cny::decimal(18, 2) as change_actual_output_cny,
    projects.investment_cny,
    projects.source_id,
    told.as_of,
from told
inner join (
    select
        campaign, synthetic, project_id, as_of,
        any_value(name) as name,
        any_value(investment_cny) as investment_cny,
        any_value(source_id) as source_id,
    from projects
    semi join told using (campaign, synthetic, project_id, as_of)
    group by all
) as projects using (campaign, synthetic, project_id, as_of)
where len(told.moves) > 0
order by told.campaign, told.synthetic, told.month, told.project_id
