-- universes: what a figure may count.
select code, meaning, meaning_zh
from universes
order by preference
