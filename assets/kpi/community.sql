-- Sessions of the month, who attended them, and the questions raised in it for sessions of the kind, held or not. Of
-- those who came, only members whom the kind expects are in the attendance rate.
-- Grain: month × kind.
with parameters as (
    select * from core.parameters
),

held as (
    select
        sessions.session,
        sessions.kind,
        sessions.capacity,
        cast(date_trunc('month', timezone(parameters.timezone, timezone('UTC', sessions.starts_at))) as date) as month
    from staging.sessions as sessions
    cross join parameters
    where cast(timezone(parameters.timezone, timezone('UTC', sessions.starts_at)) as date) <= parameters.as_of
),

participants as (
    select * from core.session_attendances where not is_host
),

expected as (
    select * from core.expected_members
),

attended as (
    select session, count(*) as attendances from participants where status = 'attended' group by session
),

sessions as (
    select
        held.month,
        held.kind,
        count(*) as sessions,
        sum(held.capacity) as capacity,
        sum(case when held.capacity is not null then coalesce(attended.attendances, 0) else 0 end) as places_taken
    from held
    left join attended on held.session = attended.session
    group by held.month, held.kind
),

attendances as (
    select
        month,
        kind,
        count(case when status = 'attended' then 1 end) as attendances,
        count(distinct case when status = 'attended' then member_id end) as unique_members,
        count(case when status = 'attended' then rating end) as ratings,
        avg(case when status = 'attended' then cast(rating as decimal(28, 10)) end) as mean_rating,
        count(case when status = 'registered' then 1 end) as registered
    from participants
    group by month, kind
),

questions as (
    select
        month,
        kind,
        count(*) as questions,
        count(answered_at) as answered,
        percentile_cont(0.5) within group (order by hours_to_answer) as median_hours_to_answer
    from core.requests
    group by month, kind
),

counted as (
    select month, kind from sessions
    union
    select month, kind from questions
),

came as (
    select distinct month, kind, member_id from participants where status = 'attended'
),

members as (
    select
        expected.month,
        expected.kind,
        count(*) as members,
        count(came.member_id) as expected_attended
    from expected
    left join came
        on expected.month = came.month and expected.kind = came.kind and expected.member_id = came.member_id
    group by expected.month, expected.kind
)

select
    counted.month,
    counted.kind,
    coalesce(sessions.sessions, 0) as sessions,
    coalesce(attendances.attendances, 0) as attendances,
    coalesce(attendances.unique_members, 0) as unique_members,
    coalesce(members.members, 0) as members,
    coalesce(members.expected_attended, 0) as expected_attended,
    cast(members.expected_attended as double) / nullif(members.members, 0) as attendance_rate,
    attendances.mean_rating,
    coalesce(attendances.ratings, 0) as ratings,
    coalesce(attendances.registered, 0) as registered,
    sessions.capacity,
    coalesce(sessions.places_taken, 0) as places_taken,
    cast(sessions.places_taken as double) / nullif(sessions.capacity, 0) as fill_rate,
    coalesce(questions.questions, 0) as questions,
    coalesce(questions.answered, 0) as answered,
    questions.median_hours_to_answer
from counted
left join sessions on counted.month = sessions.month and counted.kind = sessions.kind
left join attendances on counted.month = attendances.month and counted.kind = attendances.kind
left join questions on counted.month = questions.month and counted.kind = questions.kind
left join members on counted.month = members.month and counted.kind = members.kind
