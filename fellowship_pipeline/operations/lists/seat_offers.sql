-- Who gets the freed and idle seats, in order.
select
    offers.review_month,
    offers.position,
    offers.applicant,
    offers.member_id,
    people.name,
    coalesce(people.email, address_in(offers.applicant)) as email,
    offers.* exclude (review_month, position, applicant, member_id)
from ops.seat_offers as offers
left join people on offers.member_id = people.member_id
order by offers.review_month, offers.pool, offers.position
