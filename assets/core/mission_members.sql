-- Missions of all learners of the cohort with the member's own due date: later, or excused, where program.yaml says so.
-- Who is in has a roster row in force on that day, or on as_of, where it is earlier; of a date put off past the cohort's
-- end on its last day. Who has left will have no row any more. Of several exceptions that of the cohort counts before one of every cohort, then the later in program.yaml.
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
    inner join core.named_members as named on exceptions.member = named.name and named.named_by = 'program.yaml'
    inner join core.missions as missions
        on exceptions.mission = missions.mission
        and (exceptions.cohort is null or exceptions.cohort = missions.cohort)
),

dated as (
    select
        missions.cohort,
        missions.mission,
        missions.due_on,
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
),

days as (
    select
        dated.cohort,
        dated.mission,
        dated.member_id,
        dated.due_on as mission_due_on,
        cast(timezone(parameters.timezone, timezone('UTC', dated.due_at)) as date) as due_on,
        parameters.as_of
    from dated
    cross join parameters
),

looked_at as (
    select
        days.cohort,
        days.mission,
        days.member_id,
        days.due_on <= days.as_of as is_due,
        least(days.due_on, days.as_of, greatest(days.mission_due_on, coalesce(cohorts.ends_on, days.due_on))) as day
    from days
    left join core.cohorts as cohorts on days.cohort = cohorts.cohort
),

standings as (
    select
        looked_at.cohort,
        looked_at.mission,
        looked_at.member_id,
        bool_or(looked_at.is_due) as is_due,
        bool_or(periods.starts_on <= looked_at.day and periods.ends_before > looked_at.day) as is_in,
        bool_and(greatest(periods.starts_on, periods.ends_before) <= looked_at.day) as has_left
    from looked_at
    inner join core.learner_periods as periods
        on looked_at.cohort = periods.cohort and looked_at.member_id = periods.member_id
    group by looked_at.cohort, looked_at.mission, looked_at.member_id
)

select
    dated.cohort,
    dated.mission,
    dated.member_id,
    dated.due_at,
    standings.is_due,
    standings.is_in,
    standings.has_left,
    dated.is_mandatory,
    dated.is_excused,
    dated.exception,
    dated.reason
from dated
inner join standings
    on dated.cohort = standings.cohort
    and dated.mission = standings.mission
    and dated.member_id = standings.member_id
