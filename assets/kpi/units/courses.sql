-- Members who began or completed the course.
select
    placed.course,
    placed.track,
    started.member_id as person,
    started.started_on,
    started.completed_on,
    case when placed.started is not null then 1 end as started,
    started.completed_on is not null as completed
from placed
inner join started on placed.course = started.course
