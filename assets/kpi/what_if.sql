-- What each review would have done under another minimum of XP, everything else of the rule kept, no rotation budget.
-- Grain: review_month × minimum_xp.
with cases as (
    select * from core.review_cases
),

minimums as (
    select * from core.what_if_minimums
),

judged as (
    select
        cases.*,
        minimums.minimum_xp as tried,
        cases.exempt_reason is null as is_judged,
        cases.exempt_reason is null
        and not cases.is_unknown
        and (
            cases.xp < ceil(
                cast(minimums.minimum_xp as decimal(18, 0)) * cases.days_counted / cases.days_in_month
            )
            or cases.active_days < cases.minimum_active_days
        ) as is_reclaimed
    from cases
    cross join minimums
),

counted as (
    select
        review_month,
        tried as minimum_xp,
        count(case when is_reclaimed then 1 end) as reclaimed,
        count(case when is_judged then 1 end) as judged
    from judged
    group by review_month, tried
)

select
    review_month,
    minimum_xp,
    reclaimed,
    cast(reclaimed as double) / nullif(judged, 0) as reclaim_rate
from counted
