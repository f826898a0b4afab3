-- known_claims: the claims that had been published by the as-of day, each with
-- what ranks its source. Without an as-of day every claim is known; with one, a
-- claim whose page has no date is not, since nobody can show that it was.
--
-- grain:    campaign, claim_id
--
-- columns:
--   campaign        VARCHAR  campaign
--   claim_id        VARCHAR  claim
--   period          VARCHAR  round, annual, cumulative or other
--   period_id       VARCHAR  key of the period
--   period_from     DATE     first day covered
--   period_to       DATE     last day covered
--   round           VARCHAR  round; NULL for years and spans
--   area_id         VARCHAR  area
--   universe        VARCHAR  which projects the figure counts
--   stage           VARCHAR  stage
--   metric          VARCHAR  metric
--   method          VARCHAR  what a published rate divides
--   value           DECIMAL(18,4)  projects, yuan or ratio
--   approximate     BOOLEAN  printed as about, over or nearly
--   is_doubted      BOOLEAN  the compilers doubt it, see claims.doubt
--   is_unread       BOOLEAN  read by rules alone: no person has seen it
--   total_of        VARCHAR  stages that the page says a total adds
--   source_id       VARCHAR  source
--   article_id      VARCHAR  article; copies share it
--   trust           INTEGER  1 best to 5
--   directness_rank INTEGER  0 own words, 1 copy, 2 translated, 3 summary, 4 rewritten by machine
--   published_on    DATE     day of publication
select
    claims.campaign,
    claims.claim_id,
    claims.period,
    claims.period_id,
    claims.period_from,
    claims.period_to,
    claims.round,
    claims.area_id,
    claims.universe,
    claims.stage,
    claims.metric,
    claims.method,
    claims.value,
    claims.approximate,
    claims.doubt is not null as is_doubted,
    claims.extractor is not distinct from 'rules' as is_unread,
    claims.total_of,
    claims.source_id,
    sources.article_id,
    sources.trust,
    case sources.directness
        when 'own' then 0
        when 'copy' then 1
        when 'translated' then 2
        when 'summary' then 3
        else 4
    end as directness_rank,
    sources.published_on,
from claims
inner join sources using (campaign, source_id)
cross join params
where params.as_of is null or sources.published_on <= params.as_of
