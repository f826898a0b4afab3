-- Whose figures are held true most often?
-- zh: 被采信最多的是哪些来源？
--
-- row:      a publisher
-- key:      campaign, publisher
--
-- columns:
--   campaign    VARCHAR  campaign
--   publisher   VARCHAR  publisher; NULL when the page names none
--   facts       BIGINT  facts whose value is its claim
--   claims      BIGINT  claims of it in all
--   best_trust  INTEGER  best trust among its pages, 1 best
--
-- A paper is held because it is closer to the source, not because it prints more.
select
    c.campaign, s.publisher, count(f.claim_id) as facts, count(*) as claims, min(s.trust) as best_trust,
from claims as c
inner join sources as s on c.campaign = s.campaign and c.source_id = s.source_id
left join facts as f on c.campaign = f.campaign and c.claim_id = f.claim_id
group by c.campaign, s.publisher
order by facts desc, claims desc, c.campaign, s.publisher;
