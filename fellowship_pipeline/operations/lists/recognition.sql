-- The best of the last month.
select
    best.month,
    best.rank,
    best.member_id,
    people.name,
    people.email,
    best.* exclude (month, rank, member_id)
from ops.recognition as best
left join people on best.member_id = people.member_id
where best.month = (select max(month) from ops.recognition)
order by best.rank, best.member_id
