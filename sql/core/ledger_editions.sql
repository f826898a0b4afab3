-- ledger_editions: the editions of ledgers known on the as-of day, in order. An
-- edition is what ledgers say for one day; each ledger without a day is an
-- edition of its own, goes before all dated ones and is known only where no as-of
-- day is asked for. Rows of press pages and lists of representatives are none.
--
-- grain:    campaign, synthetic, source_id, as_of?
--
-- columns:
--   campaign     VARCHAR  campaign
--   synthetic    BOOLEAN  generated rows
--   source_id    VARCHAR  ledger
--   as_of        DATE     day for which the rows speak; NULL when not known
--   edition      INTEGER  place in the order of editions, from 1
--   is_only      BOOLEAN  nothing else is known of the campaign's ledgers: no row is outdated
--   observed_on  DATE     as_of, or else the last event day in the source; NULL without either
with

stated as (
    select distinct projects.campaign, projects.synthetic, projects.source_id, projects.as_of
    from projects
    inner join sources using (campaign, source_id)
    cross join params
    where
        sources.kind = 'ledger'
        and (params.as_of is null or projects.as_of <= params.as_of)
),

events as (
    select
        campaign, synthetic, source_id,
        unnest([
            {first: signed_on, precision: signed_precision},
            {first: started_on, precision: started_precision},
            {first: commissioned_on, precision: commissioned_precision},
            {first: on_target_on, precision: on_target_precision}
        ]) as event,
    from projects
    where as_of is null
),

last_events as (
    select
        campaign, synthetic, source_id,
        max(
            case event.precision
                when 'month' then last_day(event.first)
                when 'quarter' then last_day(event.first + interval 2 month)
                when 'half' then last_day(event.first + interval 5 month)
                when 'year' then last_day(event.first + interval 11 month)
                else event.first
            end
        ) as last_event_on,
    from events
    group by all
)

select
    stated.campaign,
    stated.synthetic,
    stated.source_id,
    stated.as_of,
    dense_rank() over (
        partition by stated.campaign, stated.synthetic
        order by stated.as_of nulls first, if(stated.as_of is null, stated.source_id, null)
    )::integer as edition,
    count(distinct coalesce(stated.as_of::varchar, stated.source_id)) over (
        partition by stated.campaign, stated.synthetic
    ) = 1 as is_only,
    coalesce(stated.as_of, last_events.last_event_on) as observed_on,
from stated
left join last_events using (campaign, synthetic, source_id)
