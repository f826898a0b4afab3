-- Which rows of ledgers could not be taken, why, and what would mend most of them?
-- zh: 哪些台账行未能载入？为什么？
--
-- row:      a reason, field and raw text
-- key:      campaign, reason, field, raw
-- needs:    ledgers
--
-- columns:
--   campaign    VARCHAR  campaign
--   reason      VARCHAR  reason code, see datasets/words/reasons.csv
--   field       VARCHAR  field that could not be read; NULL for whole rows
--   raw         VARCHAR  what stands there
--   rows        BIGINT  rows that wait for this one text
--   first_file  VARCHAR  file of the first of them
--   first_line  INTEGER  its line
--   candidates  VARCHAR[]  what it may have meant
--
-- Mend the text in the ledger, or teach the name in area_names.csv: the next run takes the
-- rows in. Nothing here was lost.
select
    campaign, reason, field, raw, count(*) as rows,
    min_by(file, (source_id, sheet, line)) as first_file, min_by(line, (source_id, sheet, line)) as first_line,
    min_by(candidates, (source_id, sheet, line)) as candidates,
from quarantine
group by campaign, reason, field, raw
order by rows desc, campaign, reason, field, raw;
