-- Who is in a study group on as_of and how each does: what the last eight weeks of seven days brought, the oldest first
-- (XP, else minutes, else active days: whatever the program's activity has), the track, seat and next mission, the
-- sessions of the last 13 weeks that expected the member and those attended. Times are the program's.
with parameters as (
    select * from core.parameters
),

members as (
    select
        periods.member_id,
        periods.study_group,
        periods.role,
        periods.track
    from core.member_periods as periods
    cross join parameters
    where
        periods.valid_from <= parameters.as_of
        and periods.valid_to > parameters.as_of
        and periods.study_group <> '(none)'
        and exists (
            select 1
            from core.roster_periods as rows_in_force
            where
                rows_in_force.member_id = periods.member_id
                and rows_in_force.starts_on <= parameters.as_of
                and coalesce(rows_in_force.ends_before > parameters.as_of, true)
        )
),

learned as (
    select
        days.member_id,
        date_diff('day', days.day, parameters.as_of) // 7 as weeks_ago,
        case
            when measured.has_xp then coalesce(days.xp, 0)
            when measured.has_minutes then coalesce(days.minutes, 0)
            else 1
        end as amount
    from core.activity_days as days
    cross join parameters
    cross join core.measured as measured
    where days.day > parameters.as_of - 56 and days.day <= parameters.as_of
),

weeks as (
    select
        member_id,
        sum(case when weeks_ago = 7 then amount else 0 end) as week_1,
        sum(case when weeks_ago = 6 then amount else 0 end) as week_2,
        sum(case when weeks_ago = 5 then amount else 0 end) as week_3,
        sum(case when weeks_ago = 4 then amount else 0 end) as week_4,
        sum(case when weeks_ago = 3 then amount else 0 end) as week_5,
        sum(case when weeks_ago = 2 then amount else 0 end) as week_6,
        sum(case when weeks_ago = 1 then amount else 0 end) as week_7,
        sum(case when weeks_ago = 0 then amount else 0 end) as week_8
    from learned
    group by member_id
),

completed as (
    select
        completions.member_id,
        count(*) as courses
    from core.first_completions as completions
    cross join parameters
    where completions.completed_on > parameters.as_of - 28 and completions.completed_on <= parameters.as_of
    group by completions.member_id
),

next_courses as (
    select
        members.member_id,
        min_by(coalesce(catalog.title, catalog.course), (catalog.position, catalog.course)) as course
    from members
    inner join staging.catalog as catalog on members.track = catalog.track
    left join core.first_completions as done
        on members.member_id = done.member_id and catalog.course = done.course
    where done.member_id is null
    group by members.member_id
),

sessions as (
    select
        sessions.session,
        sessions.kind,
        sessions.study_group,
        date_trunc('month', held.day) as month
    from staging.sessions as sessions
    cross join parameters
    cross join lateral (
        select cast(timezone(parameters.timezone, timezone('UTC', sessions.starts_at)) as date) as day
    ) as held
    where held.day > parameters.as_of - 91 and held.day <= parameters.as_of
),

expected as (
    select
        members.member_id,
        count(*) as sessions,
        count(attended.member_id) as attended
    from members
    inner join core.expected_members as expected on members.member_id = expected.member_id
    inner join sessions
        on expected.month = sessions.month
        and expected.kind = sessions.kind
        and coalesce(sessions.study_group = members.study_group, true)
    left join core.session_attendances as attended
        on sessions.session = attended.session
        and members.member_id = attended.member_id
        and attended.status = 'attended'
    group by members.member_id
)

select
    members.study_group,
    members.member_id,
    people.name,
    people.email,
    members.role,
    cast(coalesce(weeks.week_1, 0) as double) as week_1,
    cast(coalesce(weeks.week_2, 0) as double) as week_2,
    cast(coalesce(weeks.week_3, 0) as double) as week_3,
    cast(coalesce(weeks.week_4, 0) as double) as week_4,
    cast(coalesce(weeks.week_5, 0) as double) as week_5,
    cast(coalesce(weeks.week_6, 0) as double) as week_6,
    cast(coalesce(weeks.week_7, 0) as double) as week_7,
    cast(coalesce(weeks.week_8, 0) as double) as week_8,
    date_diff('day', paces.last_on, parameters.as_of) as days_since_activity,
    coalesce(completed.courses, 0) as courses_completed_28_days,
    members.track,
    cast(tracks.hours_completed / tracks.hours as double) as track_progress,
    next_courses.course as next_course,
    risks.risk,
    risks.xp_month_to_date,
    risks.xp_needed,
    risks.active_days_month_to_date,
    risks.active_days_needed,
    missions.mission as next_mission,
    date_trunc('second', timezone(parameters.timezone, timezone('UTC', missions.due_at))) as next_due,
    missions.missing as mission_missing,
    expected.sessions as sessions_expected,
    expected.attended as sessions_attended
from members
cross join parameters
left join people on members.member_id = people.member_id
left join weeks on members.member_id = weeks.member_id
left join core.paces as paces on members.member_id = paces.member_id
left join completed on members.member_id = completed.member_id
left join core.track_progress as tracks on members.member_id = tracks.member_id and members.track = tracks.track
left join next_courses on members.member_id = next_courses.member_id
left join ops.at_risk as risks on members.member_id = risks.member_id
left join core.next_missions as missions on members.member_id = missions.member_id
left join expected on members.member_id = expected.member_id
order by members.study_group, members.role <> 'builder', people.name, members.member_id
