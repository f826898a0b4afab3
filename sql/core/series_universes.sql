-- series_universes: which projects the figures of one series count: the universe
-- in which most rounds of the series are published for the area, stage and
-- metric; of two with as many, the one nearer to the area.
--
-- grain:    campaign, area_id, stage, metric
--
-- columns:
--   campaign  VARCHAR  campaign
--   area_id   VARCHAR  area
--   stage     VARCHAR  signed, started or commissioned
--   metric    VARCHAR  projects or investment
--   universe  VARCHAR  the one universe of the series
select
    round_spine.campaign,
    round_spine.area_id,
    round_spine.stage,
    round_spine.metric,
    universes.code as universe,
from round_spine
inner join facts
    on
        round_spine.campaign = facts.campaign
        and facts.period = 'round'
        and round_spine.round = facts.round
        and round_spine.area_id = facts.area_id
        and round_spine.stage = facts.stage
        and round_spine.metric = facts.metric
inner join universes on facts.universe = universes.code
group by
    round_spine.campaign, round_spine.area_id, round_spine.stage, round_spine.metric,
    universes.code
qualify row_number() over (
    partition by
        round_spine.campaign, round_spine.area_id, round_spine.stage, round_spine.metric
    order by count(*) desc, min(universes.preference)
) = 1
