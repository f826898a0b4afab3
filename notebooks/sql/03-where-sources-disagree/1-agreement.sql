-- Facts by agreement, and by how many independent voices they rest on.
select campaign, agreement, voices, count(*) as facts
from facts
group by campaign, agreement, voices
order by campaign, agreement, voices
