-- Seat events that fit no state of the seat, with the file and record they stand in.
select
    events.person,
    people.name,
    coalesce(people.email, address_in(events.person)) as email,
    events.pool,
    events.event,
    events.occurred_at,
    files.path,
    events._row as record
from ops.stray_seat_events as events
left join people on events.person = people.member_id
left join raw.files as files on events._file_id = files.file_id
order by events.occurred_at, events.person, events.pool, files.path, record
