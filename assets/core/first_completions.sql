-- A member's first completion of a course, by as_of.
-- Grain: member_id × course.
with parameters as (
    select * from core.parameters
),

dated as (
    select
        completions.member_id,
        completions.course,
        completions.completed_at,
        cast(timezone(parameters.timezone, timezone('UTC', completions.completed_at)) as date) as completed_on,
        cast(timezone(parameters.timezone, timezone('UTC', completions.started_at)) as date) as started_on
    from staging.completions
    cross join parameters
    where completions.member_id is not null
),

ranked as (
    select
        dated.*,
        row_number() over (
            partition by member_id, course order by completed_at, started_on nulls last
        ) as choice
    from dated
    inner join parameters on dated.completed_on <= parameters.as_of
    where dated.completed_on >= date '0001-01-01'
)

select
    member_id,
    course,
    completed_at,
    completed_on,
    started_on
from ranked
where choice = 1
