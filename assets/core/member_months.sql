-- A member's learning and first completions in a month, by as_of.
-- Grain: member_id × month.
with learned as (
    select
        member_id,
        cast(date_trunc('month', day) as date) as month,
        count(*) as active_days,
        max(day) as last_on,
        sum(coalesce(xp, 0)) as xp,
        sum(coalesce(minutes, 0)) as minutes
    from core.activity_days
    where day >= date '0001-01-01'
    group by member_id, cast(date_trunc('month', day) as date)
),

completed as (
    select
        member_id,
        cast(date_trunc('month', completed_on) as date) as month,
        count(*) as completions
    from core.first_completions
    where completed_on >= date '0001-01-01'
    group by member_id, cast(date_trunc('month', completed_on) as date)
)

select
    coalesce(learned.member_id, completed.member_id) as member_id,
    coalesce(learned.month, completed.month) as month,
    coalesce(learned.active_days, 0) as active_days,
    learned.last_on,
    learned.xp,
    learned.minutes,
    coalesce(completed.completions, 0) as completions
from learned
full join completed on learned.member_id = completed.member_id and learned.month = completed.month
