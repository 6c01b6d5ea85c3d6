-- A member's learning in the running month and in the 28 days that end with as_of.
-- Grain: member_id.
with parameters as (
    select
        *,
        cast(date_trunc('month', as_of) as date) as first_day,
        cast(as_of - interval 27 day as date) as recent_from
    from core.parameters
),

recent as (
    select
        days.member_id,
        sum(case when days.day >= parameters.first_day then coalesce(days.xp, 0) else 0 end) as month_xp,
        count(case when days.day >= parameters.first_day then 1 end) as month_days,
        sum(case when days.day >= parameters.recent_from then coalesce(days.xp, 0) else 0 end) as recent_xp,
        sum(case when days.day >= parameters.recent_from then coalesce(days.minutes, 0) else 0 end) as recent_minutes,
        count(case when days.day >= parameters.recent_from then 1 end) as recent_days
    from core.activity_days as days
    inner join parameters on days.day >= least(parameters.first_day, parameters.recent_from)
    group by days.member_id
),

learners as (
    select
        member_id,
        max(last_on) as last_on
    from core.member_months
    where active_days > 0
    group by member_id
)

select
    learners.member_id,
    learners.last_on,
    coalesce(recent.month_xp, 0) as month_xp,
    coalesce(recent.month_days, 0) as month_days,
    coalesce(recent.recent_xp, 0) as recent_xp,
    coalesce(recent.recent_minutes, 0) as recent_minutes,
    coalesce(recent.recent_days, 0) as recent_days
from learners
left join recent on learners.member_id = recent.member_id
