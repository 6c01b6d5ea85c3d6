-- The mandatory mission that is due next and not met, and whether in every alternative something is missing that the
-- member's pace of the last 28 days does not reach by then. XP, hours, sessions and courses of known hours have a pace;
-- of anything else it is only known to be none where nothing was learned in those days.
-- Grain: member_id.
with parameters as (
    select
        *,
        cast(as_of - interval 27 day as date) as recent_from
    from core.parameters
),

pending as (
    select
        results.*,
        date_diff(
            'day', parameters.as_of, cast(timezone(parameters.timezone, timezone('UTC', results.due_at)) as date)
        ) as days_left,
        row_number() over (
            partition by results.member_id order by results.due_at, results.cohort, results.mission
        ) as choice
    from core.mission_results as results
    cross join parameters
    where results.status = 'pending' and results.is_mandatory
),

lacking as (
    select
        pending.member_id,
        pending.cohort,
        pending.days_left,
        requirements.requirement_id,
        requirements.alternative,
        requirements.requirement,
        requirements.target,
        kinds.found_in,
        kinds.evidence,
        results.needed - results.reached as amount
    from pending
    inner join core.mission_requirements as requirements
        on pending.cohort = requirements.cohort and pending.mission = requirements.mission
    inner join core.requirement_results as results
        on requirements.requirement_id = results.requirement_id and pending.member_id = results.member_id
    left join core.requirement_kinds as kinds on requirements.requirement = kinds.requirement
    where pending.choice = 1 and results.met_at is null
),

amounts as (
    select
        amounts.cohort,
        amounts.requirement,
        amounts.target,
        amounts.member_id,
        max(amounts.total) - coalesce(
            max(
                case
                    when
                        cast(timezone(parameters.timezone, timezone('UTC', amounts.moment)) as date)
                        < parameters.recent_from
                        then amounts.total
                end
            ),
            0
        ) as recent
    from core.mission_amounts as amounts
    cross join parameters
    group by amounts.cohort, amounts.requirement, amounts.target, amounts.member_id
),

spent as (
    select
        activity.member_id,
        activity.course,
        sum(activity.minutes) as minutes
    from staging.activity as activity
    cross join parameters
    inner join (
        select distinct
            lacking.member_id,
            targets.target
        from lacking
        inner join core.requirement_targets as targets on lacking.requirement_id = targets.requirement_id
        where lacking.evidence = 'completions'
    ) as open_courses
        on activity.member_id = open_courses.member_id and activity.course = open_courses.target
    where cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) <= parameters.as_of
    group by activity.member_id, activity.course
),

courses as (
    select
        lacking.requirement_id,
        lacking.member_id,
        case
            when count(*) = count(catalog.hours)
                then sum(greatest(catalog.hours * 60 - coalesce(spent.minutes, 0), 0))
        end as minutes
    from lacking
    inner join core.requirement_targets as targets on lacking.requirement_id = targets.requirement_id
    left join core.target_results as done
        on targets.requirement_id = done.requirement_id
        and targets.target = done.target
        and lacking.member_id = done.member_id
    left join (select course, max(hours) as hours from staging.catalog group by course) as catalog
        on targets.target = catalog.course
    left join spent on lacking.member_id = spent.member_id and targets.target = spent.course
    where lacking.evidence = 'completions' and done.met_at is null
    group by lacking.requirement_id, lacking.member_id
),

judged as (
    select
        lacking.member_id,
        lacking.alternative,
        case
            when lacking.found_in = 'mission_amounts'
                then coalesce(lacking.amount * 28 > coalesce(amounts.recent, 0) * lacking.days_left, true)
            when courses.minutes is not null and measured.has_minutes
                then courses.minutes * 28 > coalesce(paces.recent_minutes, 0) * lacking.days_left
            else coalesce(paces.recent_days, 0) = 0
        end as is_out_of_reach
    from lacking
    cross join core.measured as measured
    left join amounts
        on lacking.cohort = amounts.cohort
        and lacking.requirement = amounts.requirement
        and lacking.target is not distinct from amounts.target
        and lacking.member_id = amounts.member_id
    left join courses on lacking.requirement_id = courses.requirement_id and lacking.member_id = courses.member_id
    left join core.paces as paces on lacking.member_id = paces.member_id
),

alternatives as (
    select
        member_id,
        alternative,
        bool_or(is_out_of_reach) as is_out_of_reach
    from judged
    group by member_id, alternative
),

reach as (
    select
        member_id,
        bool_and(is_out_of_reach) as is_out_of_reach
    from alternatives
    group by member_id
)

select
    pending.member_id,
    pending.mission,
    pending.due_at,
    pending.missing,
    coalesce(reach.is_out_of_reach, false) as is_out_of_reach
from pending
left join reach on pending.member_id = reach.member_id
where pending.choice = 1
