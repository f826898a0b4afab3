-- industry_word_lists: the words that tell the classes of a scheme, those of a field
-- together, in the order in which they are looked for: the longest first, which says
-- most; of equal length, that of the class which stands first in industries.csv.
--
-- grain:    campaign, scheme, field
--
-- columns:
--   campaign    VARCHAR  campaign
--   scheme      VARCHAR  scheme of classes
--   field       VARCHAR  industry, name or content: where the words are looked for
--   words       VARCHAR[]  the words, in lower case
--   industries  VARCHAR[]  the class that each tells
select
    words.campaign,
    words.scheme,
    words.field,
    list(lower(words.word) order by length(words.word) desc, industries.position, words.word)
        as words,
    list(words.industry order by length(words.word) desc, industries.position, words.word)
        as industries,
from industry_words as words
inner join industries using (campaign, scheme, industry)
group by all
