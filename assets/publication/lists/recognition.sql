-- The best of the last month.
select *
from ops.recognition
where month = (select max(month) from ops.recognition)
order by rank, member_id
