-- Confirmed reviews as they were issued, the latest first; what was undone says so. `account`: as in seat_reviews.
select
    decisions.decision_id,
    decisions.review_month,
    decisions.member_id,
    people.name,
    people.email,
    accounts.account,
    decisions.* exclude (decision_id, review_month, member_id)
from ops.review_decisions as decisions
left join people on decisions.member_id = people.member_id
left join accounts on decisions.member_id = accounts.member_id and decisions.pool = accounts.pool
order by
    decisions.review_month desc,
    decisions.pool,
    decisions.decision desc,
    decisions.member_id nulls last,
    decisions.decision_id
