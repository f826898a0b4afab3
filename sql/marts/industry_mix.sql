-- industry_mix: projects, money and conversion by industry: by the classes of each
-- scheme of industries.csv (the fourteen strategic emerging industries, the 六新,
-- GB/T 4754) and by the leader of the industry chain (链主) that drew the project.
--
-- Of all projects of the ledgers known to be signed, as last seen. A class of a scheme
-- in which no project lies has a row of zeros; projects that no word of a scheme tells
-- are its row unclassified, and those without a leader are so under chain_leader. The
-- rows of a scheme add up to all projects. Synthetic and real projects never share a
-- row. What tells a class: industry_counts.
--
-- zh: 分行业的项目、投资与转化：按 industries.csv 各分类体系（十四个战略性新兴产业、
-- 六新、国民经济行业分类 GB/T 4754）的类别，以及按引来项目的产业链链主。
--
-- 统计台账中已知签约的全部项目，取最近所见。体系中没有项目的类别为全零的行；没有词
-- 能归类的项目列为 unclassified，无链主的项目在 chain_leader 下亦然。一个体系的各行
-- 之和等于全部项目。合成项目与真实项目绝不同行。归类办法见 core/industry_counts。
--
-- grain:    campaign, synthetic, scheme, industry
--
-- columns:
--   campaign                     VARCHAR!  campaign
--     zh: 活动
--   synthetic                    BOOLEAN!  counts generated ledger rows
--     zh: 是否由合成台账计得
--   scheme                       VARCHAR!  scheme of industries.csv, or chain_leader
--     zh: 分类体系（见 industries），或 chain_leader（链主）
--   industry                     VARCHAR!  class of the scheme; for chain_leader the leader as the ledger writes it; unclassified where none is told
--     zh: 体系中的类别；chain_leader 下为台账所写链主；无法归类为 unclassified
--   name                         VARCHAR!  its Chinese name
--     zh: 类别中文名称
--   name_en                      VARCHAR  its English name; NULL for leaders
--     zh: 类别英文名称；链主为空
--   gbt_4754                     VARCHAR  its code in GB/T 4754; NULL where no code is just it
--     zh: 对应的国民经济行业代码；无恰好对应者为空
--   projects                     BIGINT! [projects] 0..  projects signed
--     zh: 签约项目数
--   started                      BIGINT! [projects] 0..  of those, started
--     zh: 其中已开工
--   commissioned                 BIGINT! [projects] 0..  of those, commissioned
--     zh: 其中已投产
--   on_target                    BIGINT! [projects] 0..  of those, on target: at the expected output
--     zh: 其中已达效（达到预计产值）
--   start_ratio                  DOUBLE [ratio] 0..1  started / projects; NULL when nothing was signed
--     zh: 开工数除以项目数；无签约时为空
--   commission_ratio             DOUBLE [ratio] 0..1  commissioned / started
--     zh: 投产数除以开工数
--   overall_ratio                DOUBLE [ratio] 0..1  commissioned / projects
--     zh: 投产数除以项目数
--   start_ci_low                 DOUBLE [ratio] 0..1  lower end of the 95 % Wilson interval of start_ratio
--     zh: start_ratio 的 95% 威尔逊区间下限
--   start_ci_high                DOUBLE [ratio] 0..1  upper end for start_ratio
--     zh: start_ratio 的区间上限
--   commission_ci_low            DOUBLE [ratio] 0..1  lower end for commission_ratio
--     zh: commission_ratio 的区间下限
--   commission_ci_high           DOUBLE [ratio] 0..1  upper end for commission_ratio
--     zh: commission_ratio 的区间上限
--   overall_ci_low               DOUBLE [ratio] 0..1  lower end for overall_ratio
--     zh: overall_ratio 的区间下限
--   overall_ci_high              DOUBLE [ratio] 0..1  upper end for overall_ratio
--     zh: overall_ratio 的区间上限
--   investment_cny               DECIMAL(18,2) [CNY] 0..  investment of the projects signed, where known; NULL where none is
--     zh: 签约项目中已知投资额之和（元）；均未知为空
--   started_investment_cny       DECIMAL(18,2) [CNY] 0..  the same of those started
--     zh: 其中已开工项目的投资额（元）
--   projects_without_investment  BIGINT! [projects] 0..  projects signed whose investment is not known
--     zh: 投资额未知的签约项目数
--   project_share                DOUBLE [ratio] 0..1  share of all projects signed
--     zh: 占全部签约项目数的比重
--   investment_share             DOUBLE [ratio] 0..1  share of all investment known
--     zh: 占全部已知投资额的比重
--   firms                        BIGINT [investors] 0..  different investors, by name; NULL where none is known
--     zh: 按名称计的不同投资方数；均未知为空
--   projects_without_investor    BIGINT! [projects] 0..  projects signed whose investor is not known
--     zh: 投资方未知的签约项目数
--   observed_on                  DATE  latest day for which one of the projects is known
--     zh: 其项目最近一次见于台账之日
with

totals as (
    select
        campaign, synthetic, scheme,
        sum(projects)::bigint as all_projects,
        if(
            count(investment_cny) = count(*), try_cast(sum(investment_cny) as decimal(18, 2)), null
        ) as all_investment_cny,
    from industry_counts
    group by all
),

-- The classes of each scheme, told or not, and beside them what the ledgers told.
classes as (
    select totals.campaign, totals.synthetic, totals.scheme, industries.industry,
    from totals
    inner join industries using (campaign, scheme)
    union
    select campaign, synthetic, scheme, industry
    from industry_counts
),

counted as (
    select
        classes.*,
        coalesce(counts.projects, 0) as projects,
        coalesce(counts.started, 0) as started,
        coalesce(counts.commissioned, 0) as commissioned,
        coalesce(counts.on_target, 0) as on_target,
        coalesce(counts.projects_without_investment, 0) as projects_without_investment,
        coalesce(counts.projects_without_investor, 0) as projects_without_investor,
        if(
            counts.projects > counts.projects_without_investment, counts.investment_cny, null
        ) as investment_cny,
        if(
            counts.projects > counts.projects_without_investment,
            counts.started_investment_cny, null
        ) as started_investment_cny,
        nullif(counts.firms, 0) as firms,
        counts.observed_on,
    from classes
    left join industry_counts as counts using (campaign, synthetic, scheme, industry)
)

select
    counted.campaign,
    counted.synthetic,
    counted.scheme,
    counted.industry,
    case
        when industries.name is not null then industries.name
        when counted.industry = 'unclassified'
            then if(counted.scheme = 'chain_leader', '未注明链主', '未分类')
        else counted.industry
    end as name,
    case
        when industries.name_en is not null then industries.name_en
        when counted.industry = 'unclassified'
            then if(counted.scheme = 'chain_leader', 'No leader named', 'Unclassified')
    end as name_en,
    industries.gbt_4754,
    counted.projects,
    counted.started,
    counted.commissioned,
    counted.on_target,
    counted.started / nullif(counted.projects, 0) as start_ratio,
    counted.commissioned / nullif(counted.started, 0) as commission_ratio,
    counted.commissioned / nullif(counted.projects, 0) as overall_ratio,
    start_interval.low as start_ci_low,
    start_interval.high as start_ci_high,
    commission_interval.low as commission_ci_low,
    commission_interval.high as commission_ci_high,
    overall_interval.low as overall_ci_low,
    overall_interval.high as overall_ci_high,
    counted.investment_cny,
    counted.started_investment_cny,
    counted.projects_without_investment,
    counted.projects / totals.all_projects as project_share,
    if(
        counted.projects = counted.projects_without_investment, 0, counted.investment_cny
    )::double / nullif(totals.all_investment_cny, 0)::double as investment_share,
    counted.firms,
    counted.projects_without_investor,
    counted.observed_on,
from counted
inner join totals using (campaign, synthetic, scheme)
left join industries
    on
        counted.campaign = industries.campaign
        and counted.scheme = industries.scheme
        and counted.industry = industries.industry
left join wilson_intervals as start_interval
    on counted.started = start_interval.k and counted.projects = start_interval.n
left join wilson_intervals as commission_interval
    on
        counted.commissioned = commission_interval.k
        and counted.started = commission_interval.n
left join wilson_intervals as overall_interval
    on
        counted.commissioned = overall_interval.k
        and counted.projects = overall_interval.n
order by
    counted.campaign, counted.synthetic, counted.scheme, industries.position nulls last,
    if(counted.industry = 'unclassified', 1, 0), counted.projects desc, counted.industry
