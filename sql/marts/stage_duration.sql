-- stage_duration: how many days projects take from signing to start, from start to
-- commissioning and from there to the output expected of them: the day by which a
-- quarter, half and three quarters have made it.
--
-- Kaplan–Meier over the projects of the ledgers as last seen: one that is not there
-- yet counts for as long as it has been watched and is never dropped, which would
-- make the slow ones vanish and the zone look fast. A quantile is the first day by
-- which at least that share has made it, and NULL when the curve does not come so far
-- yet. The 95 % interval of the median is where the log-log band of the curve crosses
-- a half (Brookmeyer and Crowley).
--
-- Durations run between the middles of what is known of two dates. Left out, and
-- counted: projects of which a day is not known, so a ledger that marks projects as
-- started without a day makes its zone look slower; and those dated in impossible
-- order. Synthetic and real projects never share a row.
--
-- zh: 项目从签约到开工、从开工到投产、从投产到达效各用多少天：四分之一、一半、四分
-- 之三的项目到达的天数。
--
-- 对台账中最近所见的项目作卡普兰—迈耶估计：尚未到达者按已观察的时间计入，绝不剔除，
-- 否则慢的项目会消失，开发区显得很快。分位数为至少该比例到达的首日；曲线未及则为空。
-- 中位数的 95% 区间取对数负对数置信带与一半相交之处（Brookmeyer 与 Crowley）。
--
-- 天数按两个日期已知范围的中点计算。剔除并计数：日期未知的项目（故只标“已开工”而无
-- 日期的台账会显得较慢），以及日期次序不可能的项目。合成项目与真实项目绝不同行。
--
-- grain:    campaign, synthetic, transition, level, key
--
-- columns:
--   campaign             VARCHAR!  campaign
--     zh: 活动
--   synthetic            BOOLEAN!  counts generated ledger rows
--     zh: 是否由合成台账计得
--   transition           VARCHAR! {signed_to_started, started_to_commissioned, commissioned_to_on_target}  signed_to_started, started_to_commissioned or commissioned_to_on_target
--     zh: 阶段转换：签约到开工、开工到投产、投产到达效
--   level                VARCHAR! {all, zone, city, zone_type, industry}  all, zone (a part counts also as its zone), city, zone_type or industry
--     zh: 层级：全部、开发区（片区也计入其开发区）、市、开发区类型、行业
--   key                  VARCHAR!  id of the zone or city, the type, the industry; all for all
--     zh: 开发区或市的编号、类型、行业；全部为 all
--   name                 VARCHAR!  name of the zone or city, else the key
--     zh: 开发区或市的名称，否则同 key
--   projects             BIGINT! [projects] 0..  projects that the estimate rests on: events + censored
--     zh: 估计所依据的项目数，即 events 加 censored
--   events               BIGINT! [projects] 0..  projects that made it
--     zh: 已到达的项目数
--   censored             BIGINT! [projects] 0..  projects not there yet when last seen
--     zh: 最近所见时尚未到达的项目数
--   undated              BIGINT! [projects] 0..  projects left out since a day is not known
--     zh: 因日期未知而剔除的项目数
--   impossible           BIGINT! [projects] 0..  projects left out since the later stage is dated before the earlier
--     zh: 因后一阶段早于前一阶段而剔除的项目数
--   p25_days             INTEGER [days] 0..  days after which a quarter has made it
--     zh: 四分之一的项目到达所需天数
--   median_days          INTEGER [days] 0..  days after which half has made it
--     zh: 一半的项目到达所需天数
--   p75_days             INTEGER [days] 0..  days after which three quarters have made it
--     zh: 四分之三的项目到达所需天数
--   median_ci_low_days   INTEGER [days] 0..  lower end of the 95 % interval of the median
--     zh: 中位数 95% 区间下限
--   median_ci_high_days  INTEGER [days] 0..  upper end; NULL when the band does not come down to a half
--     zh: 中位数区间上限；置信带未降至一半时为空
with

counted as (
    select
        campaign, synthetic, transition, level, key,
        coalesce(sum(projects) filter (where outcome = 'event'), 0)::bigint as events,
        coalesce(sum(projects) filter (where outcome = 'censored'), 0)::bigint as censored,
        coalesce(sum(projects) filter (where outcome = 'undated'), 0)::bigint as undated,
        coalesce(sum(projects) filter (where outcome = 'impossible'), 0)::bigint
            as impossible,
    from duration_levels
    group by all
),

-- The last bit of a sum of logarithms must not move a quantile to the next day.
crossed as (
    select
        campaign, synthetic, transition, level, key,
        min(days) filter (where survival <= 0.75 + 1e-10) as p25_days,
        min(days) filter (where survival <= 0.5 + 1e-10) as median_days,
        min(days) filter (where survival <= 0.25 + 1e-10) as p75_days,
        min(days) filter (where ci_low <= 0.5) as median_ci_low_days,
        min(days) filter (where ci_high <= 0.5) as median_ci_high_days,
    from survival_curves
    group by all
)

select
    counted.campaign,
    counted.synthetic,
    counted.transition,
    counted.level,
    counted.key,
    coalesce(areas.name, counted.key) as name,
    counted.events + counted.censored as projects,
    counted.events,
    counted.censored,
    counted.undated,
    counted.impossible,
    crossed.p25_days,
    crossed.median_days,
    crossed.p75_days,
    crossed.median_ci_low_days,
    crossed.median_ci_high_days,
from counted
left join crossed using (campaign, synthetic, transition, level, key)
left join areas
    on
        counted.level in ('zone', 'city')
        and counted.campaign = areas.campaign
        and counted.key = areas.area_id
order by
    counted.campaign, counted.synthetic, counted.transition, counted.level, counted.key
