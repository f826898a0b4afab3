-- cohorts_are_nested: of the projects of a cohort no more started than were signed
-- and no more were commissioned than started; by count and by investment the shares
-- lie in 0..1, within their intervals. Only a cohort has an interval.
select
    campaign, area_id, basis, synthetic, period_id, signed, started, commissioned,
    start_ratio, start_ci_low, start_ci_high, signed_investment_cny,
    started_investment_cny, commissioned_investment_cny,
from area_conversion
where
    (
        basis = 'ledger_cohort'
        and not (
            0 <= commissioned and commissioned <= started and started <= signed
            and signed > 0
            and projects_without_investment between 0 and signed
            and coalesce(started_investment_cny <= signed_investment_cny, true)
            and coalesce(commissioned_investment_cny <= started_investment_cny, true)
            and start_ratio between start_ci_low and start_ci_high
            and overall_ratio between overall_ci_low and overall_ci_high
            and (
                started = 0
                or commission_ratio between commission_ci_low and commission_ci_high
            )
            and start_ci_low >= 0 and start_ci_high <= 1
            and overall_ci_low >= 0 and overall_ci_high <= 1
        )
    )
    or (
        basis = 'published_flow'
        and (
            synthetic
            or coalesce(start_ci_low, commission_ci_low, overall_ci_low) is not null
        )
    )
