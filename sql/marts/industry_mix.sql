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
-- grain:    campaign, synthetic, scheme, industry
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  counts generated ledger rows
--   scheme           VARCHAR  scheme of industries.csv, or chain_leader
--   industry         VARCHAR  class of the scheme; for chain_leader the leader as the ledger writes it; unclassified where none is told
--   name             VARCHAR  its Chinese name
--   name_en          VARCHAR  its English name; NULL for leaders
--   gbt_4754         VARCHAR  its code in GB/T 4754; NULL where no code is just it
--   projects         BIGINT   projects signed
--   started          BIGINT   of those, started
--   commissioned     BIGINT   of those, commissioned
--   on_target        BIGINT   of those, on target: at the expected output
--   start_ratio      DOUBLE   started / projects; NULL when nothing was signed
--   commission_ratio DOUBLE   commissioned / started
--   overall_ratio    DOUBLE   commissioned / projects
--   start_ci_low     DOUBLE   lower end of the 95 % Wilson interval of start_ratio
--   start_ci_high    DOUBLE   upper end
--   commission_ci_low   DOUBLE  lower end for commission_ratio
--   commission_ci_high  DOUBLE  upper end
--   overall_ci_low   DOUBLE   lower end for overall_ratio
--   overall_ci_high  DOUBLE   upper end
--   investment_cny   DECIMAL(18,2)  investment of the projects signed, where known; NULL where none is
--   started_investment_cny       DECIMAL(18,2)  the same of those started
--   projects_without_investment  BIGINT  projects signed whose investment is not known
--   project_share    DOUBLE   share of all projects signed
--   investment_share DOUBLE   share of all investment known
--   firms            BIGINT   different investors, by name; NULL where none is known
--   projects_without_investor    BIGINT  projects signed whose investor is not known
--   observed_on      DATE     latest day for which one of the projects is known
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
