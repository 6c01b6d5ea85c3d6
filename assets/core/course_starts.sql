-- A member's first activity in a course, by as_of.
-- Grain: member_id × course.
with parameters as (
    select * from core.parameters
),

dated as materialized (
    select
        activity.member_id,
        activity.course,
        cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) as day
    from staging.activity
    cross join parameters
    where
        activity.member_id is not null
        and activity.course is not null
        and activity.occurred_at >= date '0001-01-01' - interval 2 day
)

select
    member_id,
    course,
    min(day) as first_on
from dated
inner join parameters on dated.day <= parameters.as_of
where dated.day >= date '0001-01-01'
group by member_id, course
