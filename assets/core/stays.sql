-- Attendance by as_of, a row for each time in and out, with the session it is of: the one of that name; else, where
-- program.yaml says so, the only one whose window, its margin included, holds the coming. What lies wholly outside the
-- session itself counts for none.
-- Grain: stay.
with parameters as (
    select * from core.parameters
),

windows as (
    select * from core.session_windows
),

attendance as (
    select * from staging.attendance
),

sessions as (
    select
        session,
        starts_at,
        starts_at + cast(round(minutes * 60) as bigint) * interval 1 second as ends_at
    from staging.sessions
),

parts as (
    select *, unnest(string_split(stays, '|')) as stay from attendance where stays is not null
),

timed as (
    select
        session as named_session,
        member,
        member_id,
        status,
        role,
        rating,
        minutes,
        cast(split_part(stay, '/', 1) as timestamp) as joined_at,
        cast(nullif(split_part(stay, '/', 2), '') as timestamp) as left_at,
        _file_id,
        _row
    from parts
    union all
    select
        session as named_session,
        member,
        member_id,
        status,
        role,
        rating,
        minutes,
        joined_at,
        coalesce(left_at, joined_at + cast(round(minutes * 60) as bigint) * interval 1 second) as left_at,
        _file_id,
        _row
    from attendance
    where stays is null
),

begun as (
    select timed.*
    from timed
    cross join parameters
    where
        timed.joined_at is null
        or cast(timezone(parameters.timezone, timezone('UTC', timed.joined_at)) as date) <= parameters.as_of
),

unnamed as (
    select distinct begun.joined_at
    from begun
    left join sessions on begun.named_session = sessions.session
    where sessions.session is null
),

held_then as (
    select
        unnamed.joined_at,
        count(*) as sessions,
        min(sessions.session) as session
    from unnamed
    cross join windows
    inner join sessions
        on unnamed.joined_at >= sessions.starts_at - windows.margin_minutes * interval 1 minute
        and unnamed.joined_at
        < coalesce(sessions.ends_at, sessions.starts_at) + windows.margin_minutes * interval 1 minute
    group by unnamed.joined_at
),

matched as (
    select
        begun.*,
        coalesce(named.session, case when held_then.sessions = 1 then held_then.session end) as session,
        case
            when named.session is not null then 'name'
            when held_then.sessions = 1 then 'window'
        end as matched_by,
        case
            when named.session is not null or held_then.sessions = 1 then null
            when held_then.sessions > 1 then 'several_sessions_then'
            when (select count(*) from windows) = 0 then 'unknown_session'
            when begun.joined_at is null then 'no_time'
            else 'no_session_then'
        end as unmatched_reason
    from begun
    left join sessions as named on begun.named_session = named.session
    left join held_then on named.session is null and begun.joined_at = held_then.joined_at
)

select
    matched.named_session,
    matched.session,
    matched.matched_by,
    case
        when matched.joined_at >= sessions.ends_at then 'outside_session'
        when matched.joined_at < sessions.starts_at and matched.left_at <= sessions.starts_at then 'outside_session'
        else matched.unmatched_reason
    end as stray_reason,
    matched.member,
    matched.member_id,
    matched.status,
    matched.role,
    matched.rating,
    matched.minutes,
    matched.joined_at,
    matched.left_at,
    matched._file_id,
    matched._row
from matched
left join sessions on matched.session = sessions.session
