-- Meetings whose attendance belongs to no session for certain, by file and reason, and what would settle it; times are
-- the program's.
with zone as (
    select timezone from core.parameters
)

select
    strays.session,
    strays.reason,
    case strays.reason
        when 'unknown_session' then 'add the session to sessions, or declare `attendance: {match: window}`'
        when 'no_time' then 'give the day of its times (in the path, or by `exported`), or name the session as in sessions'
        when 'no_session_then' then 'add the session held then, or widen `attendance.margin_minutes`'
        when 'several_sessions_then' then 'name the session in the file, or by `values: {session: …}` in its entry'
        else 'correct the start or the minutes of the session, if they are wrong'
    end as what_to_do,
    count(distinct strays.person) as people,
    count(*) as times,
    date_trunc('second', timezone(zone.timezone, timezone('UTC', min(strays.joined_at)))) as first_joined_at,
    date_trunc('second', timezone(zone.timezone, timezone('UTC', max(strays.left_at)))) as last_left_at,
    files.path,
    min(strays._row) as first_record
from ops.stray_attendance as strays
cross join zone
left join raw.files as files on strays._file_id = files.file_id
group by strays.session, strays.reason, files.path, zone.timezone
order by people desc, strays.session, strays.reason, files.path
