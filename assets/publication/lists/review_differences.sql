-- Where issued reviews differ from today's recomputation, or from what the seats show was done.
select *
from ops.review_differences
order by review_month desc, kind, pool, member_id
