-- coverage: what is published for which round, area, stage and metric: the full
-- spine, so that what is missing can be counted. Areas are the province of the
-- round, its cities, and every other area of it that any figure names.
--
-- zh: 哪一期、哪个地区、哪个阶段、哪项指标有公布数据：列出完整网格，以便数出缺少的
-- 部分。地区包括该期所在省、其各市，以及任何数字提到的其他地区。
--
-- grain:    campaign, round, area_id, stage, metric
-- refs:     campaign, area_id -> areas.campaign, area_id
-- refs:     campaign, round -> rounds.campaign, round
--
-- columns:
--   campaign         VARCHAR!  campaign
--     zh: 活动
--   round            VARCHAR!  round
--     zh: 期次编号
--   series_position  INTEGER 1..  place in the headline series; NULL outside it
--     zh: 在主序列中的位置；不在主序列为空
--   area_id          VARCHAR!  area
--     zh: 地区编号
--   area             VARCHAR!  name of the area
--     zh: 地区名称
--   level            VARCHAR! {province, city, county, zone, zone_part, cluster}  level of the area
--     zh: 地区层级
--   verified         BOOLEAN!  false for a zone that no public source shows
--     zh: 开发区未见公开出处者为 false
--   stage            VARCHAR! {signed, started, commissioned}  signed, started or commissioned
--     zh: 阶段：签约、开工、投产
--   metric           VARCHAR! {projects, investment, annual_output}  projects, investment or annual_output
--     zh: 指标：项目数、投资额、预计年产值
--   status           VARCHAR! {published, conflict, span_only, missing}  published, conflict, span_only (only an undoubted figure of a year or span that covers the round) or missing
--     zh: 状态：已公布、来源冲突、span_only（仅覆盖该期的年度或跨期有不存疑的数字）、缺失
--   claims           BIGINT! [claims] 0..  claims for this figure
--     zh: 该数字的主张数
--   voices           BIGINT! [articles] 0..  the most independent articles that give it
--     zh: 给出该数字的独立文章数（取最多的口径）
--   universes        VARCHAR[]!  which projects the figures count
--     zh: 已公布的统计口径
--   spans            VARCHAR[]!  keys of years and spans that cover the round and have an undoubted figure
--     zh: 覆盖该期且有不存疑数字的年度和跨期编号
with

round_figures as (
    select
        campaign, round, area_id, stage, metric,
        sum(claims)::bigint as claims,
        max(voices)::bigint as voices,
        bool_or(agreement = 'conflict') as is_conflict,
        list(universe order by universe) as universes,
    from facts
    where period = 'round'
    group by all
),

span_figures as (
    select
        facts.campaign, period_rounds.round, facts.area_id, facts.stage, facts.metric,
        list(distinct facts.period_id order by facts.period_id) as spans,
    from facts
    inner join area_provinces using (campaign, area_id)
    inner join period_rounds using (campaign, period, period_id, province_id)
    -- Figures of more than the campaign are context and cover none of its rounds;
    -- a doubted one may be of another period.
    where facts.universe <> 'all_projects' and facts.doubt is null
    group by all
),

located as (
    select areas.*, area_provinces.province_id
    from areas
    inner join area_provinces using (campaign, area_id)
),

places as (
    select
        known_rounds.campaign, known_rounds.round, known_rounds.series_position,
        located.area_id,
    from known_rounds
    inner join located as holder
        on
            known_rounds.campaign = holder.campaign
            and known_rounds.area_id = holder.area_id
    inner join located
        on
            holder.campaign = located.campaign
            and holder.province_id = located.province_id
    where
        located.level in ('province', 'city')
        or located.area_id in (
            select facts.area_id
            from facts
            where facts.campaign = located.campaign
        )
),

stages as (
    select unnest(['signed', 'started', 'commissioned']) as stage
),

metrics as (
    select unnest(['projects', 'investment', 'annual_output']) as metric
)

select
    places.campaign,
    places.round,
    places.series_position,
    places.area_id,
    located.name as area,
    located.level,
    located.verified,
    stages.stage,
    metrics.metric,
    case
        when round_figures.is_conflict then 'conflict'
        when round_figures.claims is not null then 'published'
        when span_figures.spans is not null then 'span_only'
        else 'missing'
    end as status,
    coalesce(round_figures.claims, 0) as claims,
    coalesce(round_figures.voices, 0) as voices,
    coalesce(round_figures.universes, []) as universes,
    coalesce(span_figures.spans, []) as spans,
from places
cross join stages
cross join metrics
inner join located
    on places.campaign = located.campaign and places.area_id = located.area_id
left join round_figures
    on
        places.campaign = round_figures.campaign
        and places.round = round_figures.round
        and places.area_id = round_figures.area_id
        and stages.stage = round_figures.stage
        and metrics.metric = round_figures.metric
left join span_figures
    on
        places.campaign = span_figures.campaign
        and places.round = span_figures.round
        and places.area_id = span_figures.area_id
        and stages.stage = span_figures.stage
        and metrics.metric = span_figures.metric
order by
    places.campaign, places.round, places.area_id, stages.stage, metrics.metric
