-- universes: what a figure counts, which is not always all projects of its area.
--
-- zh: 数字所统计的范围，并不总是该地区的全部项目。
--
-- grain:    code
--
-- columns:
--   code        VARCHAR!  the universe, as in the columns named universe
--     zh: 口径代码，即各表 universe 列的取值
--   preference  INTEGER  order in which one is preferred when several are published: least first
--     zh: 同时公布多种口径时的优先次序，小者优先
--   meaning     VARCHAR  what it counts, in English
--     zh: 英文含义
--   meaning_zh  VARCHAR  what it counts, in Chinese
--     zh: 中文含义
select code, preference::integer as preference, meaning, meaning_zh
from universes
order by code
