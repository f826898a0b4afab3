-- label_disputes: the rounds whose number is disputed: one number of a year is
-- given to several rounds, or one round is given several numbers. All labels of
-- such a round are listed. As of a day, labels published later are not known.
--
-- grain:    campaign, round, label, counting, source_id?
--
-- columns:
--   campaign   VARCHAR  campaign
--   round      VARCHAR  round
--   label      VARCHAR  name of the round as printed, or as implied
--   ordinal    INTEGER  number that the label gives the round
--   counting   VARCHAR  by_date, by_title or implied
--   source_id  VARCHAR  source of the label
--   note       VARCHAR  remark
with

known_labels as (
    select round_labels.*, known_rounds.year, known_rounds.area_id
    from round_labels
    inner join known_rounds using (campaign, round)
    left join sources
        on
            round_labels.campaign = sources.campaign
            and round_labels.source_id = sources.source_id
    cross join params
    where params.as_of is null or sources.published_on <= params.as_of
),

numbered as (
    select
        campaign,
        round,
        count(distinct ordinal) over (partition by campaign, round) as numbers_of_round,
        -- Numbers that run on over the years meet only in their own year here,
        -- and one number then means one round.
        count(distinct round) over (partition by campaign, area_id, year, ordinal)
            as rounds_of_number,
    from known_labels
    where ordinal is not null
),

disputed as (
    select distinct campaign, round
    from numbered
    where numbers_of_round > 1 or rounds_of_number > 1
)

select
    known_labels.campaign,
    known_labels.round,
    known_labels.label,
    known_labels.ordinal,
    known_labels.counting,
    known_labels.source_id,
    known_labels.note,
from known_labels
inner join disputed using (campaign, round)
