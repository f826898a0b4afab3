-- known_rounds: the rounds that had surely been held by the as-of day; all of
-- them without one. A round still to come is not missing.
--
-- grain:    campaign, round
--
-- columns:
--   campaign         VARCHAR  campaign
--   round            VARCHAR  round
--   year             INTEGER  year of the event
--   series_position  INTEGER  place in the headline series; NULL outside it
--   held_on          DATE     day of the round; NULL when not known
--   area_id          VARCHAR  area that held the round
select
    rounds.campaign,
    rounds.round,
    rounds.year,
    rounds.series_position,
    rounds.held_on,
    rounds.area_id,
from rounds
cross join params
where params.as_of is null or coalesce(rounds.held_on, rounds.held_to) <= params.as_of
