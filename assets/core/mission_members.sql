-- Missions of everybody in the cohort with the member's own due date: later, or excused, where program.yaml says so.
-- Of several exceptions that of the cohort counts before one of every cohort, then the later in program.yaml.
-- Grain: cohort × mission × member_id.
with parameters as (
    select * from core.parameters
),

excepted as (
    select
        missions.cohort,
        missions.mission,
        named.member_id,
        exceptions.position as exception,
        exceptions.reason,
        exceptions.due_at,
        row_number() over (
            partition by missions.cohort, missions.mission, named.member_id
            order by exceptions.cohort nulls last, exceptions.position desc
        ) as choice
    from core.mission_exceptions as exceptions
    inner join core.named_members as named on exceptions.member = named.name
    inner join core.missions as missions
        on exceptions.mission = missions.mission
        and (exceptions.cohort is null or exceptions.cohort = missions.cohort)
),

dated as (
    select
        missions.cohort,
        missions.mission,
        members.member_id,
        greatest(missions.due_at, coalesce(excepted.due_at, missions.due_at)) as due_at,
        missions.is_mandatory,
        excepted.exception,
        excepted.reason,
        excepted.exception is not null and excepted.due_at is null as is_excused
    from core.missions as missions
    inner join core.cohort_members as members on missions.cohort = members.cohort
    left join excepted
        on missions.cohort = excepted.cohort
        and missions.mission = excepted.mission
        and members.member_id = excepted.member_id
        and excepted.choice = 1
)

select
    dated.cohort,
    dated.mission,
    dated.member_id,
    dated.due_at,
    cast(timezone(parameters.timezone, timezone('UTC', dated.due_at)) as date) <= parameters.as_of as is_due,
    dated.is_mandatory,
    dated.is_excused,
    dated.exception,
    dated.reason
from dated
cross join parameters
