-- industry_counts: the projects signed, by the class of each scheme and by the leader
-- of the chain (链主) that drew them.
--
-- A project is of the class that a word in its industry tells; else of the one that a
-- word in its name tells; else in its content; else unclassified. Of several words in
-- one text the longest counts (industry_word_lists); a word that is the whole text is
-- the longest that can be. The leader is taken as the ledger writes it: a cell that
-- names two is a leader of its own, since nobody says which of them drew the project,
-- and no project counts twice.
--
-- grain:    campaign, synthetic, scheme, industry
--
-- columns:
--   campaign      VARCHAR  campaign
--   synthetic     BOOLEAN  generated rows
--   scheme        VARCHAR  scheme of classes, or chain_leader
--   industry      VARCHAR  class, or name of the leader; unclassified where none is told
--   projects      BIGINT   projects signed
--   started       BIGINT   of those, started
--   commissioned  BIGINT   of those, commissioned
--   on_target     BIGINT   of those, on target
--   investment_cny          DECIMAL(18,2)  investment of those signed, where known; 0 where none is, NULL past what the type holds
--   started_investment_cny  DECIMAL(18,2)  the same of those started
--   projects_without_investment  BIGINT  projects signed whose investment is not known
--   projects_without_investor    BIGINT  projects signed whose investor is not known
--   firms         BIGINT   different investors known
--   observed_on   DATE     latest day for which one of the projects is known
with

-- One pass over the ledgers counts all schemes: each text stands for its projects
-- once a scheme, and once more for the leaders.
asked as (
    select campaign, synthetic, coalesce(text, '') as text, scheme, industry
    from industry_texts
    union all
    select distinct campaign, synthetic, coalesce(industry, '') as text, 'chain_leader', null
    from duration_counts
    where cut = 'industry' and transition = 'signed_to_started'
),

-- The lists of words of all schemes stand in one row, in which each text has places: a
-- join would write out the whole list for every project.
numbered as (
    select
        *,
        row_number() over (
            partition by field order by campaign, scheme
        ) as place,
    from industry_word_lists
),

lists as (
    select
        list(words order by place) filter (where field = 'name') as name_words,
        list(industries order by place) filter (where field = 'name') as name_industries,
        list(words order by place) filter (where field = 'content') as content_words,
        list(industries order by place) filter (where field = 'content')
            as content_industries,
    from numbered
),

placed as (
    select asked.*, by_name.place as name_place, by_content.place as content_place,
    from asked
    left join numbered as by_name
        on
            asked.campaign = by_name.campaign
            and asked.scheme = by_name.scheme
            and by_name.field = 'name'
    left join numbered as by_content
        on
            asked.campaign = by_content.campaign
            and asked.scheme = by_content.scheme
            and by_content.field = 'content'
),

signed as (
    select *, coalesce(industry, '') as text
    from project_states
    where is_signed
),

joined as (
    select
        signed.campaign, signed.synthetic, placed.scheme,
        signed.is_started, signed.is_commissioned, signed.is_on_target,
        signed.investment_cny, signed.investor, signed.observed_on,
        signed.chain_leader, signed.content,
        placed.industry as text_industry,
        placed.content_place,
        if(placed.industry is null, placed.name_place, null) as name_place,
        if(name_place is null, null, lower(signed.name)) as name,
    from signed
    inner join placed using (campaign, synthetic, text)
),

-- Name and content are searched only where what goes before tells nothing.
named as (
    select
        joined.*,
        lists.content_words,
        lists.content_industries,
        case
            when scheme = 'chain_leader' then chain_leader
            when text_industry is not null then text_industry
            when name_place is not null then lists.name_industries[name_place][
                list_position(
                    list_transform(
                        lists.name_words[name_place], lambda word: contains(name, word)
                    ),
                    true
                )
            ]
        end as name_industry,
    from joined
    cross join lists
),

-- A step of its own: a name for the class in the same step would be searched twice.
sought as (
    select
        *,
        if(
            scheme = 'chain_leader' or name_industry is not null or content_place is null,
            null, lower(content)
        ) as sought_content,
    from named
),

classed as (
    select
        * exclude (content_words, content_industries),
        if(
            sought_content is null, name_industry,
            content_industries[content_place][
                list_position(
                    list_transform(
                        content_words[content_place],
                        lambda word: contains(sought_content, word)
                    ),
                    true
                )
            ]
        ) as industry,
    from sought
)

select
    campaign,
    synthetic,
    scheme,
    coalesce(industry, 'unclassified') as industry,
    count(*) as projects,
    count(*) filter (where is_started) as started,
    count(*) filter (where is_commissioned) as commissioned,
    count(*) filter (where is_on_target) as on_target,
    try_cast(coalesce(sum(investment_cny), 0) as decimal(18, 2)) as investment_cny,
    try_cast(
        coalesce(sum(investment_cny) filter (where is_started), 0) as decimal(18, 2)
    ) as started_investment_cny,
    count(*) filter (where investment_cny is null) as projects_without_investment,
    count(*) filter (where investor is null) as projects_without_investor,
    count(distinct investor) as firms,
    max(observed_on) as observed_on,
from classed
group by all
