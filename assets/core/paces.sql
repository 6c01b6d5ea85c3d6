-- A member's learning in the running month and in the 28 days that end with as_of.
-- Grain: member_id.
with parameters as (
    select
        *,
        cast(date_trunc('month', as_of) as date) as first_day,
        cast(as_of - interval 27 day as date) as recent_from
    from core.parameters
)

select
    days.member_id,
    max(days.day) as last_on,
    sum(case when days.day >= parameters.first_day then coalesce(days.xp, 0) else 0 end) as month_xp,
    count(case when days.day >= parameters.first_day then 1 end) as month_days,
    sum(case when days.day >= parameters.recent_from then coalesce(days.xp, 0) else 0 end) as recent_xp,
    sum(case when days.day >= parameters.recent_from then coalesce(days.minutes, 0) else 0 end) as recent_minutes,
    count(case when days.day >= parameters.recent_from then 1 end) as recent_days
from core.activity_days as days
cross join parameters
group by days.member_id
