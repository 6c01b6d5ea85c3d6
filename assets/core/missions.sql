-- Missions, whether due by as_of or not. Rows of one that disagree: the latest date, and mandatory only if all say so.
-- Grain: cohort × mission.
with parameters as (
    select * from core.parameters
),

missions as (
    select
        cohort,
        mission,
        max(title) as title,
        max(due_at) as due_at,
        bool_and(coalesce(mandatory, true)) as is_mandatory
    from staging.missions
    group by cohort, mission
)

select
    missions.cohort,
    missions.mission,
    missions.title,
    missions.due_at,
    cast(timezone(parameters.timezone, timezone('UTC', missions.due_at)) as date) as due_on,
    missions.is_mandatory,
    coalesce(cohorts.starts_on, date '0001-01-01') as counted_from
from missions
cross join parameters
left join core.cohorts as cohorts on missions.cohort = cohorts.cohort
