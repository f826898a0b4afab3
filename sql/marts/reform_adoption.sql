-- reform_adoption: what share of the projects signed were under each reform, by zone,
-- type of zone and year of signing: 承诺制 (commitment), 标准地 (standard_land) and
-- 全代办 (full_agency); and how many days projects with it and without it took from
-- signing to start.
--
-- The share is of the projects of which the ledger says yes or no (known). The days are
-- Kaplan–Meier medians as in stage_duration, over all years of signing together, for
-- all projects and each type of zone: a single zone, or a single year, has too few
-- projects on each side, and late years have not been watched to their median.
--
-- The difference of the medians, with less without, tells of association and not of
-- cause: nobody drew lots, and zones that adopt a reform differ in other ways too. Its
-- 95 % interval is put together from the intervals of both medians (MOVER; Zou and
-- Donner 2008): with medians m, ends l and u, it runs from
-- m1 - m2 - √((m1 - l1)² + (u2 - m2)²) to m1 - m2 + √((u1 - m1)² + (m2 - l2)²). An end
-- that needs a part not known is NULL.
--
-- zh: 各开发区、各类型、各签约年度的签约项目中，实行承诺制（commitment）、标准地（
-- standard_land）、全代办（full_agency）的比例，以及实行与未实行的项目从签约到开工
-- 各用多少天。
--
-- 比例只就台账说明“是”或“否”的项目（known）计算。天数为 stage_duration 那样的卡普兰
-- —迈耶中位数，各签约年度合并，只对全部项目和各类型计算：单个开发区或单个年度两边项
-- 目太少，近年项目又观察不到中位数。
--
-- 中位数之差（实行减未实行）说明相关而非因果：并非抽签决定，推行改革的开发区在其他
-- 方面也不同。其 95% 区间由两个中位数的区间合成（MOVER 法，Zou 与 Donner 2008）；某
-- 端所需部分未知时为空。
--
-- grain:    campaign, synthetic, reform, level, key, period, year?
--
-- columns:
--   campaign                     VARCHAR!  campaign
--     zh: 活动
--   synthetic                    BOOLEAN!  counts generated ledger rows
--     zh: 是否由合成台账计得
--   reform                       VARCHAR! {commitment, standard_land, full_agency}  commitment, standard_land or full_agency
--     zh: 改革事项
--   reform_name                  VARCHAR!  its Chinese name
--     zh: 改革事项中文名称
--   level                        VARCHAR! {all, zone, zone_type}  all, zone (a part counts also in its zone) or zone_type
--     zh: 层级：全部、开发区（片区也计入其开发区）、开发区类型
--   key                          VARCHAR!  id of the zone, or the type; all for all
--     zh: 开发区编号或类型；全部为 all
--   name                         VARCHAR!  name of the zone, else the key
--     zh: 开发区名称，否则同 key
--   period                       VARCHAR! {year, all}  year, or all for all projects signed
--     zh: year 为签约年度；all 为全部签约项目
--   year                         INTEGER  year of signing; NULL when not known, and for all
--     zh: 签约年度；未知及全部为空
--   projects                     BIGINT! [projects] 0..  projects signed
--     zh: 签约项目数
--   known                        BIGINT! [projects] 0..  of those, projects of which the ledger says yes or no
--     zh: 其中台账说明是否实行的项目数
--   adopted                      BIGINT! [projects] 0..  of these, projects under the reform
--     zh: 其中实行的项目数
--   adoption_share               DOUBLE [ratio] 0..1  adopted / known; NULL when nothing is known
--     zh: adopted 除以 known；均未说明为空
--   adoption_ci_low              DOUBLE [ratio] 0..1  lower end of its 95 % Wilson interval
--     zh: 其 95% 威尔逊区间下限
--   adoption_ci_high             DOUBLE [ratio] 0..1  upper end
--     zh: 其区间上限
--   with_projects                BIGINT [projects] 0..  projects with it that its median rests on; NULL for zones and years, as is all that follows
--     zh: 实行者中位数所依据的项目数；开发区和年度为空，以下各列同
--   with_events                  BIGINT [projects] 0..  of those, projects that started
--     zh: 其中已开工的项目数
--   with_median_days             INTEGER [days] 0..  days from signing after which half had started; NULL when the curve does not come so far
--     zh: 实行者自签约起半数开工所需天数；曲线未及则为空
--   with_median_ci_low_days      INTEGER [days] 0..  lower end of its 95 % interval
--     zh: 其 95% 区间下限
--   with_median_ci_high_days     INTEGER [days] 0..  upper end; NULL when the band does not come down to a half
--     zh: 其区间上限；置信带未降至一半时为空
--   without_projects             BIGINT [projects] 0..  the same without it
--     zh: 未实行者中位数所依据的项目数
--   without_events               BIGINT [projects] 0..  of those, projects that started
--     zh: 其中已开工的项目数
--   without_median_days          INTEGER [days] 0..  days after which half had started
--     zh: 未实行者自签约起半数开工所需天数
--   without_median_ci_low_days   INTEGER [days] 0..  lower end
--     zh: 其 95% 区间下限
--   without_median_ci_high_days  INTEGER [days] 0..  upper end
--     zh: 其区间上限
--   undated                      BIGINT [projects] 0..  projects known to be with or without it that are left out: a day is not known, or the start is dated before the signing
--     zh: 已知是否实行而被剔除的项目数：日期未知，或开工早于签约
--   median_difference_days       INTEGER [days]  with_median_days - without_median_days: below 0, projects with it started sooner
--     zh: with_median_days 减 without_median_days；小于 0 表示实行者开工更早
--   difference_ci_low_days       DOUBLE [days]  lower end of its 95 % interval
--     zh: 其 95% 区间下限
--   difference_ci_high_days      DOUBLE [days]  upper end
--     zh: 其区间上限
with

crossed as (
    select
        campaign, synthetic, level as curve, key,
        min(days) filter (where survival <= 0.5 + 1e-10) as median,
        min(days) filter (where ci_low <= 0.5) as low,
        min(days) filter (where ci_high <= 0.5) as high,
    from survival_curves
    where transition = 'signed_to_started'
    group by all
),

sides as (
    select
        reform_durations.campaign, reform_durations.synthetic, reform_durations.level,
        reform_durations.key, reform_durations.reform, reform_durations.adopted,
        reform_durations.level || '.' || reform_durations.reform || '.'
        || reform_durations.adopted as curve,
        coalesce(sum(projects) filter (where outcome in ('event', 'censored')), 0)::bigint
            as projects,
        coalesce(sum(projects) filter (where outcome = 'event'), 0)::bigint as events,
        coalesce(sum(projects) filter (where outcome in ('undated', 'impossible')), 0)::bigint
            as undated,
    from reform_durations
    group by all
),

measured as (
    select sides.*, crossed.median, crossed.low, crossed.high,
    from sides
    left join crossed using (campaign, synthetic, curve, key)
),

compared as (
    select
        campaign, synthetic, level, key, reform, 'all' as period,
        max(if(adopted, projects, 0)) as with_projects,
        max(if(adopted, events, 0)) as with_events,
        max(if(adopted, median, null)) as with_median,
        max(if(adopted, low, null)) as with_low,
        max(if(adopted, high, null)) as with_high,
        max(if(adopted, 0, projects)) as without_projects,
        max(if(adopted, 0, events)) as without_events,
        max(if(adopted, null, median)) as without_median,
        max(if(adopted, null, low)) as without_low,
        max(if(adopted, null, high)) as without_high,
        sum(undated)::bigint as undated,
        with_median - without_median as difference,
    from measured
    group by all
),

counts as (
    select *, period = 'all' and level <> 'zone' as is_compared
    from reform_counts
)

select
    counts.campaign,
    counts.synthetic,
    counts.reform,
    case counts.reform
        when 'commitment' then '承诺制'
        when 'standard_land' then '标准地'
        when 'full_agency' then '全代办'
    end as reform_name,
    counts.level,
    counts.key,
    coalesce(areas.name, counts.key) as name,
    counts.period,
    counts.year,
    counts.projects,
    counts.known,
    counts.adopted,
    counts.adopted / nullif(counts.known, 0) as adoption_share,
    intervals.low as adoption_ci_low,
    intervals.high as adoption_ci_high,
    if(counts.is_compared, coalesce(compared.with_projects, 0), null) as with_projects,
    if(counts.is_compared, coalesce(compared.with_events, 0), null) as with_events,
    compared.with_median as with_median_days,
    compared.with_low as with_median_ci_low_days,
    compared.with_high as with_median_ci_high_days,
    if(counts.is_compared, coalesce(compared.without_projects, 0), null) as without_projects,
    if(counts.is_compared, coalesce(compared.without_events, 0), null) as without_events,
    compared.without_median as without_median_days,
    compared.without_low as without_median_ci_low_days,
    compared.without_high as without_median_ci_high_days,
    if(counts.is_compared, coalesce(compared.undated, 0), null) as undated,
    compared.difference as median_difference_days,
    compared.difference
    - sqrt(
        pow(compared.with_median - compared.with_low, 2)
        + pow(compared.without_high - compared.without_median, 2)
    ) as difference_ci_low_days,
    compared.difference
    + sqrt(
        pow(compared.with_high - compared.with_median, 2)
        + pow(compared.without_median - compared.without_low, 2)
    ) as difference_ci_high_days,
from counts
left join wilson_intervals as intervals
    on counts.adopted = intervals.k and counts.known = intervals.n
left join compared using (campaign, synthetic, level, key, reform, period)
left join areas
    on
        counts.level = 'zone'
        and counts.campaign = areas.campaign
        and counts.key = areas.area_id
order by
    counts.campaign, counts.synthetic, counts.reform, counts.level, counts.key,
    counts.period, counts.year
