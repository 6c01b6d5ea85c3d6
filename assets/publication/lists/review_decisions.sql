-- Confirmed reviews as they were issued, the latest first; what was undone says so.
select *
from ops.review_decisions
order by review_month desc, pool, decision desc, member_id nulls last, decision_id
