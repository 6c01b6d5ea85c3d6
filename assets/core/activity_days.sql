-- A member's learning on a day of the program, by as_of.
-- Grain: member_id × day.
with parameters as (
    select * from core.parameters
),

dated as (
    select
        activity.member_id,
        cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) as day,
        activity.xp,
        activity.minutes,
        parameters.as_of
    from staging.activity
    cross join parameters
    where activity.member_id is not null
)

select
    member_id,
    day,
    sum(xp) as xp,
    sum(minutes) as minutes
from dated
where day <= as_of
group by member_id, day
