-- Stages of selection in order: those of program.yaml, then the others by their earliest decision by as_of.
-- Grain: stage.
with parameters as (
    select * from core.parameters
),

listed as (
    select * from core.application_stages
),

seen as (
    select
        applications.stage,
        min(applications.decided_at) as first_decided_at
    from staging.applications as applications
    cross join parameters
    where cast(timezone(parameters.timezone, timezone('UTC', applications.decided_at)) as date) <= parameters.as_of
    group by applications.stage
)

select
    coalesce(listed.stage, seen.stage) as stage,
    row_number() over (
        order by listed.position nulls last, seen.first_decided_at, seen.stage
    ) as position
from listed
full join seen on listed.stage = seen.stage
