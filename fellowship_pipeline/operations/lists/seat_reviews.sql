-- The latest review.
select *
from reviews
where review_month = (select max(review_month) from ops.seat_reviews)
order by pool, decision desc, member_id
