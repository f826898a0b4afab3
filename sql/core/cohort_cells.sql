-- cohort_cells: the signed projects of the ledgers, counted by where they are and
-- the round of their signing.
--
-- grain:    campaign, synthetic, zone_id?, county_id?, city_id?, signed_round?
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  generated rows
--   zone_id          VARCHAR  zone, part or cluster
--   county_id        VARCHAR  county
--   city_id          VARCHAR  city
--   signed_round     VARCHAR  round of the signing; NULL when not known
--   signed           BIGINT   projects signed
--   started          BIGINT   of those, started
--   commissioned     BIGINT   of those, commissioned
--   signed_investment_cny        DECIMAL(18,2)  investment of those signed, where known; 0 where none is, NULL past what the type holds
--   started_investment_cny       DECIMAL(18,2)  the same of those started
--   commissioned_investment_cny  DECIMAL(18,2)  the same of those commissioned
--   projects_without_investment  BIGINT  projects signed whose investment is not known
--   has_approximate  BOOLEAN  an amount of one of them is printed as about, over or nearly
--   signed_from      DATE     first day of signing known
--   signed_to        DATE     last day of signing known
--   observed_on      DATE     latest day for which one of them is known
select
    campaign,
    synthetic,
    zone_id,
    county_id,
    city_id,
    signed_round,
    count(*) as signed,
    count(*) filter (where is_started) as started,
    count(*) filter (where is_commissioned) as commissioned,
    try_cast(coalesce(sum(investment_cny), 0) as decimal(18, 2)) as signed_investment_cny,
    try_cast(
        coalesce(sum(investment_cny) filter (where is_started), 0) as decimal(18, 2)
    ) as started_investment_cny,
    try_cast(
        coalesce(sum(investment_cny) filter (where is_commissioned), 0) as decimal(18, 2)
    ) as commissioned_investment_cny,
    count(*) filter (where investment_cny is null) as projects_without_investment,
    bool_or(approximate) as has_approximate,
    min(signed_on) as signed_from,
    max(signed_by) as signed_to,
    max(observed_on) as observed_on,
from project_states
where is_signed
group by all
