-- Members and courses that the newest export of totals leaves out, and since when.
select
    vanished.member,
    vanished.member_id,
    people.name,
    people.email,
    vanished.course,
    vanished.last_on,
    vanished.missing_on
from ops.vanished as vanished
left join people on vanished.member_id = people.member_id
order by vanished.missing_on, vanished.member, vanished.course
