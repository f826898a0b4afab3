-- bulletin: one month of the bulletin for the areas of a level and the province, with
-- amounts in 亿元.
select
    progress_bulletin.level,
    progress_bulletin.name,
    progress_bulletin.name_en,
    progress_bulletin.ranked_in,
    coalesce(areas.level = 'zone_part', false) as is_part,
    progress_bulletin.status = 'reported' as is_reported,
    coalesce(progress_bulletin.is_revised, false) as is_revised,
    progress_bulletin.projects::double as projects,
    progress_bulletin.projects_carried::double as projects_carried,
    progress_bulletin.signed::double as signed,
    progress_bulletin.started_of_signed::double as started_of_signed,
    progress_bulletin.started::double as started,
    progress_bulletin.commissioned::double as commissioned,
    progress_bulletin.outputs::double as outputs,
    progress_bulletin.expected_output_cny::double / 1e8 as expected_yi,
    progress_bulletin.actual_output_cny::double / 1e8 as actual_yi,
    progress_bulletin.start_rate,
    progress_bulletin.commission_rate,
    progress_bulletin.target_rate,
    progress_bulletin.before_month,
    progress_bulletin.start_change,
    progress_bulletin.commission_change,
    progress_bulletin.target_change,
    progress_bulletin.start_rank::double as start_rank,
    progress_bulletin.commission_rank::double as commission_rank,
    progress_bulletin.target_rank::double as target_rank,
    progress_bulletin.revised_start_rate,
    progress_bulletin.revised_commission_rate,
from progress_bulletin
left join areas
    on progress_bulletin.campaign = areas.campaign and progress_bulletin.key = areas.area_id
where
    progress_bulletin.campaign = $campaign
    and progress_bulletin.synthetic = $synthetic
    and progress_bulletin.month = $month::date
    and progress_bulletin.level in ($level, 'province')
order by
    list_position(['industrial', 'agriculture', 'tourism'], progress_bulletin.ranked_in)
    nulls last,
    progress_bulletin.ranked_in,
    progress_bulletin.key
