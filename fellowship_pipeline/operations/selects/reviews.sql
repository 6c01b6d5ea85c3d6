-- Every review's seats: who keeps the seat and who does not, on what evidence. `account`: the name by which the newest
-- export of the seats knows the member, for the platform's own form.
select
    reviews.review_month,
    reviews.member_id,
    people.name,
    people.email,
    accounts.account,
    reviews.* exclude (review_month, member_id)
from ops.seat_reviews as reviews
left join people on reviews.member_id = people.member_id
left join accounts on reviews.member_id = accounts.member_id and reviews.pool = accounts.pool
