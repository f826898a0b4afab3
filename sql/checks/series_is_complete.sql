-- series_is_complete: an area of the trend has one row a round for each stage
-- and metric, whatever is known: as many rows as the series has rounds.
with

lengths as (
    select campaign, count(distinct series_position) as rounds
    from trend_series
    group by campaign
)

select
    trend_series.campaign, trend_series.area_id, trend_series.stage, trend_series.metric,
    count(*) as rows, lengths.rounds
from trend_series
inner join lengths using (campaign)
group by all
having count(*) <> lengths.rounds
