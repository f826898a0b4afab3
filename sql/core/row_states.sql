-- row_states: what each row of the ledgers says of how far its project had come by
-- the day for which the row speaks. This is the one place that says what counts as
-- signed, started and commissioned; all cohort marts and the monthly rates rest on it.
-- As many rows as the ledgers have, so it is a view.
--
-- An event counts when even its last possible day is not after observed_on: a day
-- of start yet to come is a plan, and "March" has not happened by 15 March. A
-- later stage implies the earlier ones, and so does the stage that the ledger
-- states. Signed means known to be: by a day, a round or a stated stage; a day of
-- start alone is no signing, since of the projects without a day of signing it
-- would take in only those that started.
--
-- grain:    campaign, synthetic, project_id, source_id, as_of?
-- stored:   no
--
-- columns:
--   campaign         VARCHAR  campaign
--   synthetic        BOOLEAN  generated rows, never counted together with real ones
--   project_id       VARCHAR  project
--   source_id        VARCHAR  ledger
--   as_of            DATE     day for which the row speaks; NULL when the ledger does not say
--   sheet            VARCHAR  sheet of the row
--   line             INTEGER  its line
--   edition          INTEGER  place in the order of editions
--   is_only          BOOLEAN  nothing else is known of the campaign's ledgers
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
with

edition_projects as (
    select
        projects.*,
        ledger_editions.edition,
        ledger_editions.is_only,
        ledger_editions.observed_on,
        case projects.signed_precision
            when 'month' then last_day(projects.signed_on)
            when 'quarter' then last_day(projects.signed_on + interval 2 month)
            when 'half' then last_day(projects.signed_on + interval 5 month)
            when 'year' then last_day(projects.signed_on + interval 11 month)
            else projects.signed_on
        end as signed_by,
        case projects.started_precision
            when 'month' then last_day(projects.started_on)
            when 'quarter' then last_day(projects.started_on + interval 2 month)
            when 'half' then last_day(projects.started_on + interval 5 month)
            when 'year' then last_day(projects.started_on + interval 11 month)
            else projects.started_on
        end as started_by,
        case projects.commissioned_precision
            when 'month' then last_day(projects.commissioned_on)
            when 'quarter' then last_day(projects.commissioned_on + interval 2 month)
            when 'half' then last_day(projects.commissioned_on + interval 5 month)
            when 'year' then last_day(projects.commissioned_on + interval 11 month)
            else projects.commissioned_on
        end as commissioned_by,
        case projects.on_target_precision
            when 'month' then last_day(projects.on_target_on)
            when 'quarter' then last_day(projects.on_target_on + interval 2 month)
            when 'half' then last_day(projects.on_target_on + interval 5 month)
            when 'year' then last_day(projects.on_target_on + interval 11 month)
            else projects.on_target_on
        end as on_target_by,
    from projects
    inner join ledger_editions
        on
            projects.campaign = ledger_editions.campaign
            and projects.synthetic = ledger_editions.synthetic
            and projects.source_id = ledger_editions.source_id
            and projects.as_of is not distinct from ledger_editions.as_of
),

-- A round by its id, and by its day where the campaign is of one area and held just
-- one that day. One key for both: a join more costs a ledger of ten million rows as
-- much as reading it.
round_keys as (
    select campaign, round as round_key, round, held_on, held_from, held_to
    from rounds
    union all
    select campaign, held_on::varchar as round_key, round, held_on, held_from, held_to
    from rounds
    where held_on is not null
    qualify
        count(*) over (partition by campaign, held_on) = 1
        and count(distinct area_id) over (partition by campaign) = 1
),

keyed as (
    select
        *,
        coalesce(signed_round, if(signed_precision = 'day', signed_on, null)::varchar)
            as round_key,
    from edition_projects
),

signings as (
    select
        keyed.*,
        -- A round still to come is a plan to sign.
        if(coalesce(keys.held_on, keys.held_from) > keyed.observed_on, null, keys.round)
            as known_round,
        coalesce(keyed.signed_on, keys.held_on, keys.held_from) as signing_on,
        coalesce(keyed.signed_by, keys.held_on, keys.held_to) as signing_by,
    from keyed
    left join round_keys as keys using (campaign, round_key)
),

-- What had not surely happened by the day of the edition is not known to have.
happened as (
    select
        * replace (
            signing_on as signed_on,
            if(signing_by <= observed_on, signing_by, null) as signed_by,
            if(started_by <= observed_on, started_by, null) as started_by,
            if(commissioned_by <= observed_on, commissioned_by, null) as commissioned_by,
            if(on_target_by <= observed_on, on_target_by, null) as on_target_by
        ),
    from signings
),

staged as (
    select
        *,
        stage is not distinct from 'on_target' or on_target_by is not null as is_on_target,
        coalesce(stage in ('commissioned', 'on_target'), false)
        or commissioned_by is not null or on_target_by is not null as is_commissioned,
        coalesce(stage in ('started', 'commissioned', 'on_target'), false)
        or started_by is not null or commissioned_by is not null
        or on_target_by is not null as is_started,
        coalesce(stage in ('signed', 'started', 'commissioned', 'on_target'), false)
        or signed_by is not null or known_round is not null as is_signed,
    from happened
)

select
    campaign,
    synthetic,
    project_id,
    source_id,
    as_of,
    sheet,
    line,
    edition,
    is_only,
    zone_id,
    county_id,
    city_id,
    name,
    industry,
    investor,
    content,
    investment_cny,
    expected_output_cny,
    actual_output_cny,
    approximate,
    standard_land,
    commitment,
    full_agency,
    chain_leader,
    obstacle,
    known_round as signed_round,
    if(signed_by is null, null, signed_on) as signed_on,
    if(signed_on is null, null, signed_by) as signed_by,
    if(started_by is null, null, started_on) as started_on,
    started_by,
    if(commissioned_by is null, null, commissioned_on) as commissioned_on,
    commissioned_by,
    if(on_target_by is null, null, on_target_on) as on_target_on,
    on_target_by,
    is_signed,
    is_started,
    is_commissioned,
    is_on_target,
    observed_on,
from staged
