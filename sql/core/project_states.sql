-- project_states: how far each project of the ledgers had come by the last day for
-- which it is known, as row_states reads its last row. All cohort marts rest on it.
-- As many rows as there are projects, so it is a view; the check
-- projects_are_told_once holds its grain.
--
-- A project that a later edition leaves out stays as it was last seen.
--
-- grain:    campaign, synthetic, project_id
-- stored:   no
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  generated rows, never counted together with real ones
--   project_id       VARCHAR  project
--   zone_id          VARCHAR  zone, part or cluster that hosts it
--   county_id        VARCHAR  county
--   city_id          VARCHAR  city
--   name             VARCHAR  name of the project
--   industry         VARCHAR  industry, in the words of the ledger
--   investor         VARCHAR  firm that invests
--   content          VARCHAR  what is built, in the words of the ledger
--   investment_cny   DECIMAL(18,2)  total investment; NULL when not known
--   expected_output_cny  DECIMAL(18,2)  annual output expected; NULL when not known
--   actual_output_cny    DECIMAL(18,2)  annual output achieved; NULL when not known
--   approximate      BOOLEAN  an amount is printed as about, over or nearly
--   standard_land    BOOLEAN  on standard land (标准地); NULL when not known
--   commitment       BOOLEAN  under the commitment system (承诺制); NULL when not known
--   full_agency      BOOLEAN  with an agent for all permits (全代办); NULL when not known
--   chain_leader     VARCHAR  leader of the industry chain (链主) that drew it
--   obstacle         VARCHAR  what holds it up, in the words of the ledger
--   signed_round     VARCHAR  round of the signing, as given; else the only one that the campaign's province held on the very day of signing
--   signed_on        DATE     first day on which it may have been signed, else the day of its round; NULL when not known
--   signed_by        DATE     last such day
--   started_on       DATE     first day on which it may have started; NULL when it had not, or the day is not known
--   started_by       DATE     last such day
--   commissioned_on  DATE     first day on which it may have been commissioned
--   commissioned_by  DATE     last such day
--   on_target_on     DATE     first day on which it may have reached the expected output
--   on_target_by     DATE     last such day
--   is_signed        BOOLEAN  known to be signed: the cohort
--   is_started       BOOLEAN  started, or came further
--   is_commissioned  BOOLEAN  commissioned, or came further
--   is_on_target     BOOLEAN  reached the expected output
--   observed_on      DATE     day up to which this is known: where it is censored
select
    row_states.* exclude (source_id, as_of, sheet, line, edition, is_only),
from row_states
left join last_editions
    on
        row_states.campaign = last_editions.campaign
        and row_states.synthetic = last_editions.synthetic
        and row_states.project_id = last_editions.project_id
where
    last_editions.edition is null
    or last_editions.edition = row_states.edition
