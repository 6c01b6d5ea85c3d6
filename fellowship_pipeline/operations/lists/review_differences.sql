-- Where issued reviews differ from today's recomputation, or from what the seats show was done.
select
    differences.review_month,
    differences.pool,
    differences.member_id,
    people.name,
    people.email,
    differences.* exclude (review_month, pool, member_id)
from ops.review_differences as differences
left join people on differences.member_id = people.member_id
order by differences.review_month desc, differences.kind, differences.pool, differences.member_id
