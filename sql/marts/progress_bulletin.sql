-- progress_bulletin: the monthly bulletin: start rate (开工率), commissioning rate
-- (投产率) and target rate (达效率) of each zone, city, type of zone and province at
-- each month end, as the ledgers of that day knew it.
--
-- Start rate: of the projects signed, the share that has started. Commissioning rate:
-- of those started (their signing known or not), the share commissioned. Target rate:
-- actual over expected annual output, of the commissioned projects that have both.
-- These are the definitions by which Taiyuan reported in June 2021: 40 of 68, 17 of
-- 57, 301.7 of 418.12 亿元.
--
-- A later ledger may tell that a project had started before: the columns revised_ say
-- what today's ledgers say of that month end. Outputs have no date, so the target rate
-- is not revised. A month without an edition has a row with the status missing, and of
-- figures only the revised ones. A city or province adds what its zones said last; projects_carried of its
-- projects come from zones that did not report that month.
--
-- zh: 月度通报：各开发区、市、开发区类型和省在每个月末的开工率、投产率、达效率，以
-- 当时台账所知为准。
--
-- 开工率：签约项目中已开工的比例。投产率：已开工项目（签约是否已知不论）中已投产的
-- 比例。达效率：预计与实际年产值均已知的投产项目，实际年产值除以预计年产值。这是太
-- 原市 2021 年 6 月通报所用口径：40/68、17/57、301.7/418.12 亿元。
--
-- 后来的台账可能说明某项目此前已开工：revised_ 各列为今天的台账对该月末的说法。产值
-- 无日期，故达效率不修订。没有台账的月份有一行，状态为 missing，只有 revised_ 各列
-- 有数。市和省为所属开发区最近一次所报之和，其中 projects_carried 个项目来自当月未
-- 报的开发区。
--
-- grain:    campaign, synthetic, month, level, key
--
-- columns:
--   campaign                   VARCHAR!  campaign
--     zh: 活动
--   synthetic                  BOOLEAN!  counts generated ledger rows
--     zh: 是否由合成台账计得
--   month                      DATE!  month end
--     zh: 月末日期
--   level                      VARCHAR! {zone, city, zone_type, province}  zone (a part counts also in its zone), city, zone_type or province
--     zh: 层级：开发区（片区也计入其开发区）、市、开发区类型、省
--   key                        VARCHAR!  id of the zone, city or province; the type of zone
--     zh: 开发区、市或省的编号；或开发区类型
--   name                       VARCHAR  its name
--     zh: 名称
--   name_en                    VARCHAR  its English name
--     zh: 英文名称
--   status                     VARCHAR! {reported, missing}  reported, or missing: no ledger of the area speaks for this month
--     zh: 状态：reported 已报；missing 该地区当月没有台账
--   projects                   BIGINT [projects] 0..  projects in the ledgers
--     zh: 台账中的项目数
--   projects_carried           BIGINT [projects] 0..  of them in zones that did not report this month: as last reported
--     zh: 其中所在开发区当月未报、沿用上次所报的项目数
--   signed                     BIGINT [projects] 0..  projects signed
--     zh: 签约项目数
--   started_of_signed          BIGINT [projects] 0..  of these, started
--     zh: 其中已开工
--   started                    BIGINT [projects] 0..  projects started
--     zh: 开工项目数
--   commissioned               BIGINT [projects] 0..  of these, commissioned
--     zh: 其中已投产
--   outputs                    BIGINT [projects] 0..  commissioned projects whose expected and actual output are known: what the target rate rests on
--     zh: 预计与实际产值均已知的投产项目数，即达效率的依据
--   expected_output_cny        DECIMAL(18,2) [CNY per year] 0..  their expected annual output
--     zh: 这些项目的预计年产值（元）
--   actual_output_cny          DECIMAL(18,2) [CNY per year] 0..  their actual annual output
--     zh: 这些项目的实际年产值（元）
--   start_rate                 DOUBLE [ratio] 0..1  started_of_signed / signed; NULL when nothing was signed
--     zh: 开工率：started_of_signed 除以 signed；无签约时为空
--   commission_rate            DOUBLE [ratio] 0..1  commissioned / started
--     zh: 投产率：commissioned 除以 started
--   target_rate                DOUBLE [ratio] 0..  actual_output_cny / expected_output_cny; may pass 1
--     zh: 达效率：actual_output_cny 除以 expected_output_cny；可大于 1
--   before_month               DATE  the last month that was reported before; NULL for the first
--     zh: 上一个已报的月末；首月为空
--   start_change               DOUBLE [ratio] -1..1  start_rate less that of before_month, 0.01 is a percentage point
--     zh: 开工率较 before_month 的增减，0.01 为一个百分点
--   commission_change          DOUBLE [ratio] -1..1  commission_rate less that of before_month
--     zh: 投产率较 before_month 的增减
--   target_change              DOUBLE [ratio]  target_rate less that of before_month
--     zh: 达效率较 before_month 的增减
--   start_rank                 INTEGER 1..  place among the areas of its level (zones: of its type) that have a rate, from 1; equal rates share a place
--     zh: 按开工率在同级地区（开发区按同类）中的名次，从 1 起；相同者并列
--   commission_rank            INTEGER 1..  likewise by commission_rate
--     zh: 按投产率的名次，同上
--   target_rank                INTEGER 1..  likewise by target_rate
--     zh: 按达效率的名次，同上
--   ranked_in                  VARCHAR {industrial, agriculture, tourism}  type of zone in which a zone is ranked; NULL for other levels and for zones of no known type, which are ranked among themselves
--     zh: 开发区排名所在的类型；其他层级为空，类型未知的开发区也为空，它们之间另行排名
--   revised_signed             BIGINT! [projects] 0..  signed by this month end, as known today
--     zh: 按今天所知，截至该月末的签约数
--   revised_started_of_signed  BIGINT! [projects] 0..  signed and started, as known today
--     zh: 按今天所知，已签约且已开工数
--   revised_started            BIGINT! [projects] 0..  started, as known today
--     zh: 按今天所知的开工数
--   revised_commissioned       BIGINT! [projects] 0..  commissioned, as known today
--     zh: 按今天所知的投产数
--   revised_start_rate         DOUBLE [ratio] 0..1  start_rate, as known today
--     zh: 按今天所知的开工率
--   revised_commission_rate    DOUBLE [ratio] 0..1  commission_rate, as known today
--     zh: 按今天所知的投产率
--   is_revised                 BOOLEAN  a count known today differs from the one known then; NULL when missing
--     zh: 今天所知与当时所知的计数是否不同；状态为 missing 时为空
with

spans as (
    select
        campaign, synthetic,
        min(month) filter (where editions > 0) as first_month,
        max(month) filter (where editions > 0) as last_month,
    from month_levels
    group by all
),

grid as (
    select
        keys.campaign, keys.synthetic, keys.level, keys.key,
        last_day(unnest(generate_series(
            date_trunc('month', greatest(spans.first_month, keys.first_month)),
            spans.last_month, interval 1 month
        ))::date) as month,
    from (
        select campaign, synthetic, level, key, min(month) filter (where editions > 0) as first_month,
        from month_levels
        group by all
    ) as keys
    inner join spans using (campaign, synthetic)
),

-- What happened, as known today, before an area's first edition counts in it.
deltas as (
    select
        month_levels.campaign, month_levels.synthetic, month_levels.level, month_levels.key,
        greatest(month_levels.month, firsts.first_month) as month,
        sum(month_levels.editions) as editions,
        sum(month_levels.projects) as projects,
        sum(month_levels.signed) as signed,
        sum(month_levels.started_of_signed) as started_of_signed,
        sum(month_levels.started) as started,
        sum(month_levels.commissioned) as commissioned,
        sum(month_levels.outputs) as outputs,
        sum(month_levels.expected_output_cny) as expected_output_cny,
        sum(month_levels.actual_output_cny) as actual_output_cny,
        sum(month_levels.revised_signed) as revised_signed,
        sum(month_levels.revised_started_of_signed) as revised_started_of_signed,
        sum(month_levels.revised_started) as revised_started,
        sum(month_levels.revised_commissioned) as revised_commissioned,
    from month_levels
    inner join (
        select campaign, synthetic, level, key, min(month) as first_month,
        from grid
        group by all
    ) as firsts using (campaign, synthetic, level, key)
    group by all
),

running as (
    select
        grid.campaign, grid.synthetic, grid.month, grid.level, grid.key,
        coalesce(deltas.editions, 0) > 0 as is_reported,
        sum(deltas.projects) over so_far as projects,
        sum(deltas.signed) over so_far as signed,
        sum(deltas.started_of_signed) over so_far as started_of_signed,
        sum(deltas.started) over so_far as started,
        sum(deltas.commissioned) over so_far as commissioned,
        sum(deltas.outputs) over so_far as outputs,
        sum(deltas.expected_output_cny) over so_far as expected_output_cny,
        sum(deltas.actual_output_cny) over so_far as actual_output_cny,
        sum(deltas.revised_signed) over so_far as revised_signed,
        sum(deltas.revised_started_of_signed) over so_far as revised_started_of_signed,
        sum(deltas.revised_started) over so_far as revised_started,
        sum(deltas.revised_commissioned) over so_far as revised_commissioned,
    from grid
    left join deltas using (campaign, synthetic, level, key, month)
    window so_far as (
        partition by grid.campaign, grid.synthetic, grid.level, grid.key order by grid.month
    )
),

-- Zones that did not report, by what they belong to.
silent as (
    select
        running.campaign, running.synthetic, running.month, running.projects,
        running.key as zone_id,
    from running
    inner join areas
        on running.campaign = areas.campaign and running.key = areas.area_id
    where running.level = 'zone' and not running.is_reported and areas.level <> 'zone_part'
),

carried as (
    select
        silent.campaign, silent.synthetic, silent.month,
        if(areas.level in ('city', 'province'), areas.level, 'zone') as level,
        area_wholes.whole_id as key,
        sum(silent.projects) as projects,
    from silent
    inner join area_wholes
        on silent.campaign = area_wholes.campaign and silent.zone_id = area_wholes.area_id
    inner join areas
        on
            area_wholes.campaign = areas.campaign
            and area_wholes.whole_id = areas.area_id
    where areas.level in ('city', 'province')
    group by all
    union all
    select
        silent.campaign, silent.synthetic, silent.month, 'zone_type' as level,
        zone_types.zone_type as key,
        sum(silent.projects) as projects,
    from silent
    inner join zone_types using (campaign, zone_id)
    group by all
),

figures as (
    select
        running.* exclude (projects, is_reported),
        running.is_reported,
        running.projects,
        coalesce(carried.projects, 0) as projects_carried,
        if(running.level = 'zone', zone_types.zone_type, null) as ranked_in,
        running.started_of_signed / nullif(running.signed, 0) as start_rate,
        running.commissioned / nullif(running.started, 0) as commission_rate,
        running.actual_output_cny::double / nullif(running.expected_output_cny, 0)::double as target_rate,
        running.revised_started_of_signed / nullif(running.revised_signed, 0)
            as revised_start_rate,
        running.revised_commissioned / nullif(running.revised_started, 0)
            as revised_commission_rate,
    from running
    left join carried using (campaign, synthetic, month, level, key)
    left join zone_types
        on running.campaign = zone_types.campaign and running.key = zone_types.zone_id
),

ranked as (
    select
        *,
        lag(month) over area as before_month,
        start_rate - lag(start_rate) over area as start_change,
        commission_rate - lag(commission_rate) over area as commission_change,
        target_rate - lag(target_rate) over area as target_change,
        rank() over (
            partition by campaign, synthetic, month, level, ranked_in
            order by start_rate desc nulls last
        ) as start_rank,
        rank() over (
            partition by campaign, synthetic, month, level, ranked_in
            order by commission_rate desc nulls last
        ) as commission_rank,
        rank() over (
            partition by campaign, synthetic, month, level, ranked_in
            order by target_rate desc nulls last
        ) as target_rank,
    from figures
    where is_reported
    window area as (
        partition by campaign, synthetic, level, key order by month
    )
)

select
    figures.campaign,
    figures.synthetic,
    figures.month,
    figures.level,
    figures.key,
    coalesce(areas.name, figures.key) as name,
    areas.name_en,
    if(figures.is_reported, 'reported', 'missing') as status,
    ranked.projects::bigint as projects,
    ranked.projects_carried::bigint as projects_carried,
    ranked.signed::bigint as signed,
    ranked.started_of_signed::bigint as started_of_signed,
    ranked.started::bigint as started,
    ranked.commissioned::bigint as commissioned,
    ranked.outputs::bigint as outputs,
    ranked.expected_output_cny::decimal(18, 2) as expected_output_cny,
    ranked.actual_output_cny::decimal(18, 2) as actual_output_cny,
    ranked.start_rate,
    ranked.commission_rate,
    ranked.target_rate,
    ranked.before_month,
    ranked.start_change,
    ranked.commission_change,
    ranked.target_change,
    if(ranked.start_rate is null, null, ranked.start_rank)::integer as start_rank,
    if(ranked.commission_rate is null, null, ranked.commission_rank)::integer
        as commission_rank,
    if(ranked.target_rate is null, null, ranked.target_rank)::integer as target_rank,
    figures.ranked_in,
    figures.revised_signed::bigint as revised_signed,
    figures.revised_started_of_signed::bigint as revised_started_of_signed,
    figures.revised_started::bigint as revised_started,
    figures.revised_commissioned::bigint as revised_commissioned,
    figures.revised_start_rate,
    figures.revised_commission_rate,
    if(
        not figures.is_reported, null,
        figures.signed <> figures.revised_signed
        or figures.started_of_signed <> figures.revised_started_of_signed
        or figures.started <> figures.revised_started
        or figures.commissioned <> figures.revised_commissioned
    ) as is_revised,
from figures
left join ranked using (campaign, synthetic, month, level, key)
left join areas
    on figures.campaign = areas.campaign and figures.key = areas.area_id
order by figures.campaign, figures.synthetic, figures.month, figures.level, figures.key
