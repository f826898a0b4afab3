-- bulletin_silent: the zones that have reported by a month, and which of them did not in
-- it. Parts of zones are in their zones.
select
    progress_bulletin.name,
    progress_bulletin.name_en,
    progress_bulletin.status = 'missing' as is_silent,
from progress_bulletin
inner join areas
    on progress_bulletin.campaign = areas.campaign and progress_bulletin.key = areas.area_id
where
    progress_bulletin.campaign = $campaign
    and progress_bulletin.synthetic = $synthetic
    and progress_bulletin.month = $month::date
    and progress_bulletin.level = 'zone'
    and areas.level <> 'zone_part'
order by progress_bulletin.key
