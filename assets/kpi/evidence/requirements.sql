-- What counts toward a mission's requirements, whether it was in time or not.
with requirements as (
    select
        requirements.cohort,
        requirements.mission,
        requirements.target as category,
        kinds.evidence,
        targets.target,
        missions.counted_from
    from core.mission_requirements as requirements
    inner join core.requirement_kinds as kinds on requirements.requirement = kinds.requirement
    inner join core.missions as missions
        on requirements.cohort = missions.cohort and requirements.mission = missions.mission
    left join core.requirement_targets as targets on requirements.requirement_id = targets.requirement_id
),

learned as (
    select
        activity.*,
        cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) as day,
        kinds.kind is not null as is_complete
    from staging.activity as activity
    cross join core.parameters as parameters
    left join core.completing_kinds as kinds on lower(activity.kind) = kinds.kind
    where
        activity.member_id is not null
        and cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) <= parameters.as_of
)

select
    found.member_id as person,
    requirements.cohort,
    requirements.mission,
    cast(found.completed_at as date) as day,
    'completions' as source,
    found._file_id,
    found._row
from requirements
inner join staging.completions as found on requirements.target = found.course
where requirements.evidence = 'completions' and found.member_id is not null
union all
select
    found.member_id as person,
    requirements.cohort,
    requirements.mission,
    found.issued_on as day,
    'certifications' as source,
    found._file_id,
    found._row
from requirements
inner join staging.certifications as found on requirements.target = found.certification
where requirements.evidence = 'certifications' and found.member_id is not null
union all
select
    found.member_id as person,
    requirements.cohort,
    requirements.mission,
    cast(found.as_of as date) as day,
    'competitions' as source,
    found._file_id,
    found._row
from requirements
inner join staging.competitions as found on requirements.category = found.category
where requirements.evidence = 'boards' and found.member_id is not null
union all
select
    found.member_id as person,
    requirements.cohort,
    requirements.mission,
    found.day,
    'activity' as source,
    found._file_id,
    found._row
from requirements
inner join learned as found
    on case requirements.evidence
        when 'items' then found.is_complete and requirements.target = found.course || '/' || found.item
        when 'progress' then found.progress is not null and requirements.target = found.course
        when 'xp' then coalesce(found.xp, 0) > 0 and coalesce(requirements.target = found.course, true)
        when 'minutes' then coalesce(found.minutes, 0) > 0 and coalesce(requirements.target = found.course, true)
        else false
    end
    and (requirements.evidence not in ('xp', 'minutes') or found.day >= requirements.counted_from)
union all
select
    found.member_id as person,
    requirements.cohort,
    requirements.mission,
    attendances.starts_on as day,
    'attendance' as source,
    found._file_id,
    found._row
from requirements
inner join core.session_attendances as attendances
    on requirements.evidence = 'sessions'
    and coalesce(requirements.target in (attendances.kind, attendances.session), true)
    and attendances.starts_on >= requirements.counted_from
    and attendances.status = 'attended'
    and not attendances.is_host
inner join core.stays as found
    on attendances.session = found.session
    and attendances.member_id = found.member_id
    and found.stray_reason is null
