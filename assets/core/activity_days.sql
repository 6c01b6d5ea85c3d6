-- A member's learning on a day of the program, by as_of.
-- Grain: member_id × day.
with parameters as (
    select * from core.parameters
),

dated as materialized (
    select
        activity.member_id,
        cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) as day,
        activity.xp,
        activity.minutes
    from staging.activity
    cross join parameters
    where activity.member_id is not null and activity.occurred_at >= date '0001-01-01' - interval 2 day
)

select
    member_id,
    day,
    sum(xp) as xp,
    sum(minutes) as minutes
from dated
inner join parameters on dated.day <= parameters.as_of
where dated.day >= date '0001-01-01'
group by member_id, day
