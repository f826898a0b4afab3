-- source_conflicts: where sources disagree, each side with its source. Kind
-- value: claims of one figure differ. Kind definition: figures differ by what
-- they count. Kind round_label: papers number a round differently.
--
-- grain:    campaign, kind, period_id, claim_id?, label?, counting?, source_id?
-- refs:     campaign, claim_id -> claims.campaign, claim_id
-- refs:     campaign, source_id -> sources.campaign, source_id
-- units:    value is projects, yuan or a ratio, by metric
--
-- columns:
--   campaign      VARCHAR  campaign
--   kind          VARCHAR  value, definition or round_label
--   period        VARCHAR  period of the figure; round for labels
--   period_id     VARCHAR  key of the period
--   area_id       VARCHAR  area; of a label, the area that held the round
--   area          VARCHAR  name of the area
--   universe      VARCHAR  which projects the figure counts
--   stage         VARCHAR  stage
--   metric        VARCHAR  metric
--   value         DECIMAL(18,4)  what the claim says
--   label         VARCHAR  what the label says
--   ordinal       INTEGER  number that the label gives the round
--   counting      VARCHAR  of a label: by_date, by_title or implied
--   is_held       BOOLEAN  whether this side is held true; NULL for labels
--   claim_id      VARCHAR  claim
--   source_id     VARCHAR  source
--   publisher     VARCHAR  publisher of the source
--   url           VARCHAR  address; NULL when not known
--   published_on  DATE     day of publication
--   doubt         VARCHAR  why the claim is ranked low
--   note          VARCHAR  remark
with

sides as (
    select
        claims.campaign, claim_disputes.kind, claims.period, claims.period_id,
        claims.area_id, claims.universe, claims.stage, claims.metric, claims.value,
        null as label, null::integer as ordinal, null as counting,
        claim_disputes.is_held, claims.claim_id, claims.source_id, claims.doubt,
        claims.note,
    from claim_disputes
    inner join claims using (campaign, claim_id)
    union all
    select
        label_disputes.campaign, 'round_label' as kind, 'round' as period,
        label_disputes.round as period_id, rounds.area_id, null as universe,
        null as stage, null as metric, null as value, label_disputes.label,
        label_disputes.ordinal, label_disputes.counting, null as is_held,
        null as claim_id, label_disputes.source_id, null as doubt, label_disputes.note,
    from label_disputes
    inner join rounds using (campaign, round)
)

select
    sides.campaign,
    sides.kind,
    sides.period,
    sides.period_id,
    sides.area_id,
    areas.name as area,
    sides.universe,
    sides.stage,
    sides.metric,
    sides.value,
    sides.label,
    sides.ordinal,
    sides.counting,
    sides.is_held,
    sides.claim_id,
    sides.source_id,
    sources.publisher,
    sources.url,
    sources.published_on,
    sides.doubt,
    sides.note,
from sides
left join areas on sides.campaign = areas.campaign and sides.area_id = areas.area_id
left join sources
    on sides.campaign = sources.campaign and sides.source_id = sources.source_id
order by
    sides.campaign, sides.kind, sides.period_id, sides.area_id, sides.stage,
    sides.metric, sides.is_held desc, sides.universe, sides.claim_id, sides.ordinal,
    sides.counting, sides.label, sides.source_id
