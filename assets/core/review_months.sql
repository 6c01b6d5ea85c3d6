-- Months whose review is due: a rule is in force, somebody has had a seat, and the month before has ended by as_of.
-- Grain: review_month.
with parameters as (
    select * from core.parameters
),

bounds as (
    select
        greatest(
            (select min(date_trunc('month', held_from)) from core.seats where member_id is not null)
            + interval 1 month,
            (select min(date_trunc('month', valid_from)) from core.review_rules)
        ) as first_month,
        date_trunc('month', parameters.as_of + interval 1 day) as last_month
    from parameters
    where (select count(*) from core.review_rules) > 0
),

months as (
    select cast(unnest(generate_series(first_month, last_month, interval 1 month)) as date) as review_month
    from bounds
    where first_month is not null
),

reviewed as (
    select
        review_month,
        cast(review_month - interval 1 month as date) as first_day,
        cast(review_month - interval 1 day as date) as last_day
    from months
)

select
    reviewed.review_month,
    reviewed.first_day,
    reviewed.last_day,
    date_diff('day', reviewed.first_day, reviewed.review_month) - count(coverage.day) as days_missing,
    coalesce(bool_or(coverage.is_cumulative), false) as is_cumulative
from reviewed
left join core.coverage as coverage on coverage.day between reviewed.first_day and reviewed.last_day
group by reviewed.review_month, reviewed.first_day, reviewed.last_day
