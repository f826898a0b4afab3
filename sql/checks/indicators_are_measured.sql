-- indicators_are_measured: an indicator of the yearly assessment has a value for at least
-- one zone of the ledgers. Without, its weight goes to the others unseen: the ledgers
-- lack the column, or the indicator is better left out of indicators.csv. Surveyed
-- values come from the office and may be yet to come. Of generated ledgers nobody
-- wants to know.
--
-- blocks: no
select campaign, indicator, measure, max(weight) as weight
from scorecard_indicators
where not synthetic and measure <> 'survey'
group by all
having count(value) = 0
order by campaign, indicator
