-- universes: what a figure counts, which is not always all projects of its area.
--
-- grain:    code
--
-- columns:
--   code        VARCHAR  the universe, as in the columns named universe
--   preference  INTEGER  order in which one is preferred when several are published: least first
--   meaning     VARCHAR  what it counts, in English
--   meaning_zh  VARCHAR  what it counts, in Chinese
select code, preference::integer as preference, meaning, meaning_zh
from universes
order by code
