-- Rows in quarantine, as they stand in the file.
select line, field, raw, reason, message, candidates
from quarantine
order by line
