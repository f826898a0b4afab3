-- Where do papers disagree most on a figure?
-- zh: 各家报道在哪些数字上分歧最大？
--
-- row:      a fact on which exact claims disagree
-- key:      campaign, period, period_id, area_id, universe, stage, metric, method
--
-- columns:
--   campaign   VARCHAR  campaign
--   period     VARCHAR  kind of period
--   period_id  VARCHAR  period
--   area_id    VARCHAR  area
--   universe   VARCHAR  which projects are counted
--   stage      VARCHAR  stage
--   metric     VARCHAR  metric
--   method     VARCHAR  method of a rate; NULL for what is none
--   held       DECIMAL(18,4) [projects, CNY or ratio]  the value held
--   low        DECIMAL(18,4) [projects, CNY or ratio]  least claimed
--   high       DECIMAL(18,4) [projects, CNY or ratio]  greatest claimed
--   spread     DOUBLE [ratio]  (high - low) / held
--   voices     BIGINT  independent voices
--
-- The held value is the best source's, never a mean; every side stands in
-- source_conflicts.
select
    campaign, period, period_id, area_id, universe, stage, metric, method,
    value as held, low, high, ((high - low) / nullif(value, 0))::double as spread, voices,
from facts
where agreement = 'conflict'
order by spread desc nulls last, campaign, period, period_id, area_id, universe, stage, metric, method;
