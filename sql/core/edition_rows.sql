-- edition_rows: the ledger rows that are news: those that differ from the row of
-- their project in the edition before, the first of a project that an edition of its
-- place lacked, and the last of one that the next edition lacks. Rows that repeat the
-- edition before, nearly all of a monthly ledger, are not here.
--
-- The place of a row is its zone, else its county, else its city, and its editions are
-- the days for which ledgers speak of the place. An edition continues the one before
-- when it still has at least half of its projects; else it is another list, such as
-- that of key projects alone, and says nothing of what it leaves out.
--
-- grain:    campaign, synthetic, project_id, as_of
--
-- columns:
--   campaign        VARCHAR  campaign
--   synthetic       BOOLEAN  generated rows
--   project_id      VARCHAR  project
--   as_of           DATE     day for which the row speaks
--   source_id       VARCHAR  ledger
--   before_as_of    DATE     day of the row before; NULL for the first
--   before_source_id  VARCHAR  ledger of the row before
--   is_changed      BOOLEAN  a tracked column differs from the row before
--   is_appeared     BOOLEAN  first row of the project, and an edition of its place went before that this one continues
--   is_returned     BOOLEAN  the row before had been followed by an edition that lacked the project
--   vanished_as_of  DATE     day of the next edition of the place, when that lacks the project
with

-- Only places with several editions have a history.
editions as (
    select
        projects.campaign, projects.synthetic,
        coalesce(projects.zone_id, projects.county_id, projects.city_id, '') as place_id,
        projects.as_of,
    from projects
    inner join ledger_editions using (campaign, synthetic, source_id, as_of)
    where projects.as_of is not null and not ledger_editions.is_only
    group by all
),

followed as (
    select
        *,
        lead(as_of) over place as next_as_of,
    from editions
    window place as (partition by campaign, synthetic, place_id order by as_of)
),

-- One number stands for all tracked columns, so that ten million rows can be put in
-- order without their text.
told as (
    select
        projects.campaign, projects.synthetic, projects.project_id, projects.as_of,
        projects.source_id, followed.place_id, followed.next_as_of,
        hash(
            projects.name, projects.zone_id, projects.stage,
            projects.signed_on, projects.signed_precision,
            projects.started_on, projects.started_precision,
            projects.commissioned_on, projects.commissioned_precision,
            projects.on_target_on, projects.on_target_precision,
            projects.signed_round, projects.industry, projects.investor,
            projects.investment_cny, projects.expected_output_cny,
            projects.actual_output_cny, projects.obstacle
        ) as fingerprint,
    from projects
    inner join ledger_editions using (campaign, synthetic, source_id, as_of)
    inner join followed
        on
            projects.campaign = followed.campaign
            and projects.synthetic = followed.synthetic
            and coalesce(projects.zone_id, projects.county_id, projects.city_id, '')
            = followed.place_id
            and projects.as_of = followed.as_of
    where not ledger_editions.is_only
),

chained as (
    select
        *,
        lag(as_of) over project as before_as_of,
        lag(source_id) over project as before_source_id,
        lag(fingerprint) over project as before_fingerprint,
        lag(place_id) over project as before_place_id,
        lag(next_as_of) over project as before_next_as_of,
        -- Told of in the next edition, or before it from another place, it has not
        -- vanished.
        next_as_of is not null and coalesce(lead(as_of) over project > next_as_of, true)
            as is_missing,
    from told
    window project as (partition by campaign, synthetic, project_id order by as_of)
),

continuing as (
    select campaign, synthetic, place_id, next_as_of as as_of,
    from chained
    where next_as_of is not null
    group by all
    having count(*) filter (where not is_missing) * 2 >= count(*)
),

marked as (
    select
        chained.*,
        chained.fingerprint <> chained.before_fingerprint as is_changed,
        chained.before_as_of is null and this.as_of is not null as is_appeared,
        chained.before_next_as_of < chained.as_of and passed.as_of is not null as is_returned,
        chained.is_missing and next.as_of is not null as is_vanished,
    from chained
    left join continuing as this
        on
            chained.campaign = this.campaign
            and chained.synthetic = this.synthetic
            and chained.place_id = this.place_id
            and chained.as_of = this.as_of
    left join continuing as next
        on
            chained.campaign = next.campaign
            and chained.synthetic = next.synthetic
            and chained.place_id = next.place_id
            and chained.next_as_of = next.as_of
    left join continuing as passed
        on
            chained.campaign = passed.campaign
            and chained.synthetic = passed.synthetic
            and chained.before_place_id = passed.place_id
            and chained.before_next_as_of = passed.as_of
)

select
    campaign,
    synthetic,
    project_id,
    as_of,
    source_id,
    before_as_of,
    before_source_id,
    coalesce(is_changed, false) as is_changed,
    is_appeared,
    coalesce(is_returned, false) as is_returned,
    if(is_vanished, next_as_of, null) as vanished_as_of,
from marked
where is_changed or is_appeared or is_returned or is_vanished
