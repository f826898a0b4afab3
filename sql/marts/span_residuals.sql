-- span_residuals: what is left of a year's or span's published figure when the
-- rounds known in it are taken away: the sum of the rounds that are missing. It
-- belongs to those rounds together and is never a figure of one of them, unless
-- just one is missing.
--
-- grain:    campaign, period, period_id, area_id, universe, stage, metric
-- refs:     campaign, area_id -> areas.campaign, area_id
-- units:    total, known_sum and residual are projects or yuan, by metric
--
-- columns:
--   campaign        VARCHAR  campaign
--   period          VARCHAR  annual or cumulative
--   period_id       VARCHAR  key of the period
--   area_id         VARCHAR  area
--   universe        VARCHAR  which projects the figures count
--   stage           VARCHAR  signed, started or commissioned
--   metric          VARCHAR  projects or investment
--   total           DECIMAL(18,4)  figure published for the span
--   known_sum       DECIMAL(18,4)  sum over the rounds known
--   residual        DECIMAL(18,4)  total - known_sum, derived
--   rounds_known    VARCHAR[]  rounds whose figures were taken away
--   rounds_missing  VARCHAR[]  rounds that the residual is the sum of
--   status          VARCHAR  derived, or derived_from_conflict when sources disagree on the total or on a round taken away
--   has_conflict    BOOLEAN  sources disagree on the total or on a round taken away
--   has_doubt       BOOLEAN  a round taken away is doubted
--   doubt           VARCHAR  why, parted by ;; NULL when nothing speaks against them
--   has_approximate BOOLEAN  the total or a round taken away is printed as about, over or nearly
--   claim_ids       VARCHAR[]  claims that the residual rests on, the total's first
select
    span_parts.campaign,
    span_parts.period,
    span_parts.period_id,
    span_parts.area_id,
    span_parts.universe,
    span_parts.stage,
    span_parts.metric,
    span_parts.total,
    span_parts.known_sum,
    (span_parts.total - span_parts.known_sum)::decimal(18, 4) as residual,
    span_parts.rounds_known,
    span_parts.rounds_missing,
    if(span_parts.has_conflict, 'derived_from_conflict', 'derived') as status,
    span_parts.has_conflict,
    span_parts.doubt is not null as has_doubt,
    span_parts.doubt,
    span_parts.has_approximate,
    list_concat([span_parts.claim_id], span_parts.known_claim_ids) as claim_ids,
from span_parts
where len(span_parts.rounds_known) > 0 and len(span_parts.rounds_missing) > 0
order by
    span_parts.campaign, span_parts.area_id, span_parts.period_id,
    span_parts.universe, span_parts.stage, span_parts.metric
