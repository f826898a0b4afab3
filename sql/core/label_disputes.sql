-- label_disputes: the rounds whose number is disputed: one number of a year is
-- given to several rounds, or one round is given several numbers. All labels of
-- such a round are listed.
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

numbered as (
    select
        round_labels.*,
        rounds.year,
        rounds.area_id,
        count(distinct round_labels.ordinal) over (
            partition by round_labels.campaign, round_labels.round
        ) as numbers_of_round,
        count(distinct round_labels.round) over (
            partition by
                round_labels.campaign, rounds.area_id, rounds.year, round_labels.ordinal
        ) as rounds_of_number,
    from round_labels
    inner join rounds using (campaign, round)
    -- Numbers that run on over the years meet only in their own year here, and
    -- one number then means one round.
    where round_labels.ordinal is not null
),

disputed as (
    select distinct campaign, round
    from numbered
    where numbers_of_round > 1 or rounds_of_number > 1
)

select
    round_labels.campaign,
    round_labels.round,
    round_labels.label,
    round_labels.ordinal,
    round_labels.counting,
    round_labels.source_id,
    round_labels.note,
from round_labels
inner join disputed using (campaign, round)
