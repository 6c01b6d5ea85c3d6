-- Days of a month due for review for which no activity entry vouches: that month has no review.
-- Grain: review_month × day.
with months as (
    select * from core.review_months where days_missing > 0
),

days as (
    select
        review_month,
        cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as day
    from months
)

select
    days.review_month,
    days.day
from days
left join core.coverage as coverage on days.day = coverage.day
where coverage.day is null
