-- Members and courses that the newest export of totals leaves out, and since when.
select
    member,
    member_id,
    course,
    last_on,
    missing_on
from ops.vanished
order by missing_on, member, course
