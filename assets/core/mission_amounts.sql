-- XP, minutes and sessions as they add up from the cohort's first day on, by what missions of the cohort count.
-- Grain: cohort × requirement × target × member_id × moment.
with parameters as (
    select * from core.parameters
),

counted as (
    select distinct
        requirements.cohort,
        requirements.requirement,
        requirements.target,
        kinds.evidence,
        missions.counted_from,
        targets.target as one_target
    from core.mission_requirements as requirements
    inner join core.requirement_kinds as kinds
        on requirements.requirement = kinds.requirement and kinds.found_in = 'mission_amounts'
    inner join core.missions as missions
        on requirements.cohort = missions.cohort and requirements.mission = missions.mission
    left join core.requirement_targets as targets on requirements.requirement_id = targets.requirement_id
),

members as (
    select
        counted.*,
        members.member_id
    from counted
    inner join core.cohort_members as members on counted.cohort = members.cohort
),

learned as (
    select
        members.cohort,
        members.requirement,
        members.target,
        members.member_id,
        activity.occurred_at as moment,
        sum(case members.evidence when 'xp' then activity.xp when 'minutes' then activity.minutes end) as amount
    from members
    cross join parameters
    inner join staging.activity as activity
        on members.member_id = activity.member_id
        and (members.one_target is null or members.one_target = activity.course)
        and cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date)
        between members.counted_from and parameters.as_of
    where members.evidence in ('xp', 'minutes')
    group by members.cohort, members.requirement, members.target, members.member_id, activity.occurred_at
),

attended as (
    select
        members.cohort,
        members.requirement,
        members.target,
        members.member_id,
        attendances.starts_at as moment,
        count(distinct attendances.session) as amount
    from members
    inner join core.session_attendances as attendances
        on members.member_id = attendances.member_id
        and (members.one_target is null or members.one_target in (attendances.kind, attendances.session))
        and attendances.starts_on >= members.counted_from
    where members.evidence = 'sessions' and attendances.status = 'attended' and not attendances.is_host
    group by members.cohort, members.requirement, members.target, members.member_id, attendances.starts_at
),

moments as (
    select * from learned
    union all
    select * from attended
)

select
    cohort,
    requirement,
    target,
    member_id,
    moment,
    sum(coalesce(amount, 0)) over (
        partition by cohort, requirement, target, member_id order by moment
        rows between unbounded preceding and current row
    ) as total
from moments
