-- industries_are_known: the industry that a ledger gives a project is one of which
-- some scheme of industries.csv knows the class; else the words of industry_words.csv
-- want a row. A campaign without words in that field is not asked.
--
-- blocks: no
select texts.campaign, texts.synthetic, texts.text as industry, max(texts.projects) as projects
from industry_texts as texts
where
    texts.text is not null
    and texts.campaign in (
        select campaign
        from industry_word_lists
        where field = 'industry'
    )
group by all
having count(texts.industry) = 0
order by projects desc, industry
