-- industry_texts: the texts that ledgers give for the industry of the projects signed,
-- and the class of each scheme that their words tell. Far fewer than projects, so that
-- a text is looked at once and not with each project.
--
-- grain:    campaign, synthetic, text?, scheme
--
-- columns:
--   campaign   VARCHAR  campaign
--   synthetic  BOOLEAN  text of generated rows
--   text       VARCHAR  industry, in the words of the ledger; NULL where it gives none
--   scheme     VARCHAR  scheme of classes
--   industry   VARCHAR  class; NULL when no word of the scheme is in the text
--   projects   BIGINT   projects signed that have the text
with

schemes as (
    select distinct campaign, scheme
    from industries
),

-- Every project signed is in it once, with its text.
texts as (
    select campaign, synthetic, nullif(industry, '') as text, sum(projects)::bigint as projects,
    from duration_counts
    where cut = 'industry' and transition = 'signed_to_started'
    group by all
)

select
    texts.campaign,
    texts.synthetic,
    texts.text,
    schemes.scheme,
    lists.industries[
        list_position(
            list_transform(lists.words, lambda word: contains(lower(texts.text), word)), true
        )
    ] as industry,
    texts.projects,
from texts
inner join schemes using (campaign)
left join industry_word_lists as lists
    on
        schemes.campaign = lists.campaign
        and schemes.scheme = lists.scheme
        and lists.field = 'industry'
