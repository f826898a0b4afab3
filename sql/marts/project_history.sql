-- project_history: what the ledgers changed about which project, and when: a row for
-- each column whose text differs from the edition before, and for projects that
-- appeared in an edition, vanished from one, or returned.
--
-- Editions are ordered by the day for which they speak; ledgers without a day have no
-- place in a history. vanished: the next edition of the project's zone lacks it;
-- nothing says whether it was finished, given up or forgotten. An edition that lacks
-- more than half of the projects of the one before is another list and not the next
-- edition (core/edition_rows). Where the id of a project is made of its name and
-- place, a renamed project vanishes and appears; with a code of its own it is renamed.
-- Of the first edition of a place nothing is said to have appeared.
--
-- zh: 台账何时对哪个项目作了何种改动：与上一版文本不同的每一列各一行，项目在某版出
-- 现、消失或重现亦各一行。
--
-- 各版按其截至日期排序；没有日期的台账不入历史。vanished（消失）指该项目所在开发区
-- 的下一版中没有它，至于是完成、放弃还是遗漏，无从得知。若一版缺少上一版一半以上的
-- 项目，则视为另一份名单而非下一版（core/edition_rows）。编号由名称和地点生成的项目
-- 改名后表现为消失和出现；有自身代码者则为改名。某地的首版不记“出现”。
--
-- grain:    campaign, synthetic, project_id, as_of, field
-- refs:     campaign, source_id -> sources.campaign, source_id
--
-- columns:
--   campaign      VARCHAR!  campaign
--     zh: 活动
--   synthetic     BOOLEAN!  generated rows
--     zh: 是否合成数据
--   project_id    VARCHAR!  project
--     zh: 项目编号
--   as_of         DATE!  day of the edition that tells of the change, or lacks the project
--     zh: 说明改动的那一版的截至日期，或缺少该项目的那一版的截至日期
--   field         VARCHAR!  column that changed; or appeared, vanished or returned
--     zh: 改动的列；或 appeared 出现、vanished 消失、returned 重现
--   before        VARCHAR  its value in the edition before, as text, dates as far as known (2021-03); NULL when it had none
--     zh: 上一版的值（文本，日期写到已知程度，如 2021-03）；原无值为空
--   after         VARCHAR  its value now; NULL when it was taken out
--     zh: 现在的值；被删去为空
--   before_as_of  DATE  day of the last edition that had the project; NULL when it appeared
--     zh: 最后载有该项目的前一版的截至日期；出现者为空
--   source_id     VARCHAR  ledger that tells of it; of vanished, the last one that had the project
--     zh: 说明此事的台账；消失者为最后载有它的台账
with

told as (
    select
        campaign, synthetic, project_id, as_of as told_as_of, source_id, as_of,
        'after' as side,
    from edition_rows
    where is_changed
    union all
    select
        campaign, synthetic, project_id, as_of as told_as_of, before_source_id as source_id,
        before_as_of as as_of, 'before' as side,
    from edition_rows
    where is_changed
),

-- Only rows that are news are taken apart.
texts as (
    select
        told.campaign, told.synthetic, told.project_id, told.told_as_of, told.side,
        unnest([
            {field: 'name', value: projects.name},
            {field: 'zone_id', value: projects.zone_id},
            {field: 'stage', value: projects.stage},
            {
                field: 'signed_on',
                value: case projects.signed_precision
                    when 'month' then strftime(projects.signed_on, '%Y-%m')
                    when 'quarter'
                        then projects.signed_on.year() || ' Q' || projects.signed_on.quarter()
                    when 'half'
                        then projects.signed_on.year() || ' H' || (projects.signed_on.quarter() + 1) // 2
                    when 'year' then projects.signed_on.year()::varchar
                    else projects.signed_on::varchar
                end
            },
            {
                field: 'started_on',
                value: case projects.started_precision
                    when 'month' then strftime(projects.started_on, '%Y-%m')
                    when 'quarter'
                        then projects.started_on.year() || ' Q' || projects.started_on.quarter()
                    when 'half'
                        then projects.started_on.year() || ' H' || (projects.started_on.quarter() + 1) // 2
                    when 'year' then projects.started_on.year()::varchar
                    else projects.started_on::varchar
                end
            },
            {
                field: 'commissioned_on',
                value: case projects.commissioned_precision
                    when 'month' then strftime(projects.commissioned_on, '%Y-%m')
                    when 'quarter'
                        then projects.commissioned_on.year() || ' Q' || projects.commissioned_on.quarter()
                    when 'half'
                        then projects.commissioned_on.year() || ' H' || (projects.commissioned_on.quarter() + 1) // 2
                    when 'year' then projects.commissioned_on.year()::varchar
                    else projects.commissioned_on::varchar
                end
            },
            {
                field: 'on_target_on',
                value: case projects.on_target_precision
                    when 'month' then strftime(projects.on_target_on, '%Y-%m')
                    when 'quarter'
                        then projects.on_target_on.year() || ' Q' || projects.on_target_on.quarter()
                    when 'half'
                        then projects.on_target_on.year() || ' H' || (projects.on_target_on.quarter() + 1) // 2
                    when 'year' then projects.on_target_on.year()::varchar
                    else projects.on_target_on::varchar
                end
            },
            {field: 'signed_round', value: projects.signed_round},
            {field: 'industry', value: projects.industry},
            {field: 'investor', value: projects.investor},
            {field: 'investment_cny', value: projects.investment_cny::varchar},
            {field: 'expected_output_cny', value: projects.expected_output_cny::varchar},
            {field: 'actual_output_cny', value: projects.actual_output_cny::varchar},
            {field: 'obstacle', value: projects.obstacle}
        ], recursive := true),
    from told
    inner join projects using (campaign, synthetic, project_id, as_of, source_id)
),

changes as (
    select
        campaign, synthetic, project_id, told_as_of as as_of, field,
        max(value) filter (where side = 'before') as before,
        max(value) filter (where side = 'after') as after,
    from texts
    group by all
    having before is distinct from after
),

news as (
    select changes.*, edition_rows.before_as_of, edition_rows.source_id,
    from changes
    inner join edition_rows using (campaign, synthetic, project_id, as_of)
    union all by name
    select
        campaign, synthetic, project_id, as_of, source_id, before_as_of,
        if(is_appeared, 'appeared', 'returned') as field,
    from edition_rows
    where is_appeared or is_returned
    union all by name
    select
        campaign, synthetic, project_id, vanished_as_of as as_of, source_id,
        as_of as before_as_of, 'vanished' as field,
    from edition_rows
    where vanished_as_of is not null
)

select
    campaign,
    synthetic,
    project_id,
    as_of,
    field,
    before,
    after,
    before_as_of,
    source_id,
from news
order by campaign, synthetic, project_id, as_of, field
