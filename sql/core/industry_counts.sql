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

listed as (
    select
        asked.*,
        by_name.words as name_words, by_name.industries as name_industries,
        by_content.words as content_words, by_content.industries as content_industries,
    from asked
    left join industry_word_lists as by_name
        on
            asked.campaign = by_name.campaign
            and asked.scheme = by_name.scheme
            and by_name.field = 'name'
    left join industry_word_lists as by_content
        on
            asked.campaign = by_content.campaign
            and asked.scheme = by_content.scheme
            and by_content.field = 'content'
),

signed as (
    select
        *,
        coalesce(industry, '') as text,
        lower(name) as lower_name,
        lower(content) as lower_content,
    from project_states
    where is_signed
),

-- Name and content are searched only where what goes before tells nothing.
classed as (
    select
        signed.campaign, signed.synthetic, listed.scheme,
        signed.is_started, signed.is_commissioned, signed.is_on_target,
        signed.investment_cny, signed.investor, signed.observed_on,
        case
            when listed.scheme = 'chain_leader' then signed.chain_leader
            when listed.industry is not null then listed.industry
            else coalesce(
                listed.name_industries[
                    list_position(
                        list_transform(
                            listed.name_words,
                            lambda word: contains(signed.lower_name, word)
                        ),
                        true
                    )
                ],
                listed.content_industries[
                    list_position(
                        list_transform(
                            listed.content_words,
                            lambda word: contains(signed.lower_content, word)
                        ),
                        true
                    )
                ]
            )
        end as industry,
    from signed
    inner join listed using (campaign, synthetic, text)
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
