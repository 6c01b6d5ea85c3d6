-- Members who began or completed the course.
select
    placed.course,
    placed.track,
    begun.member_id as person,
    begun.started_on,
    begun.completed_on,
    case when placed.started is not null then 1 end as started,
    begun.completed_on is not null as completed
from placed
inner join begun on placed.course = begun.course
