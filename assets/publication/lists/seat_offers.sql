-- Who gets the freed and idle seats, in order.
select * from ops.seat_offers order by review_month, pool, position
