-- A member's first activity in a course, by as_of.
-- Grain: member_id × course.
with parameters as (
    select * from core.parameters
),

dated as (
    select
        activity.member_id,
        activity.course,
        cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) as day,
        parameters.as_of
    from staging.activity
    cross join parameters
    where activity.member_id is not null and activity.course is not null
)

select
    member_id,
    course,
    min(day) as first_on
from dated
where day <= as_of
group by member_id, course
