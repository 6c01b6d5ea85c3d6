-- The latest review: who keeps the seat and who does not, on what evidence.
select *
from ops.seat_reviews
where review_month = (select max(review_month) from ops.seat_reviews)
order by pool, decision desc, member_id
