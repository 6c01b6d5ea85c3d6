-- Seats that the month's review looked at, each with the decision proposed and what it rests on.
select
    reviews.review_month,
    reviews.rule,
    reviews.pool,
    reviews.member_id,
    reviews.member_id as person,
    reviews.study_mode,
    reviews.seat_since,
    reviews.xp,
    reviews.minimum_xp,
    reviews.active_days,
    reviews.minimum_active_days,
    reviews.last_activity,
    reviews.decision,
    reviews.reason,
    cast(reviews.review_month - interval 1 month as date) as first_day,
    cast(reviews.review_month - interval 1 day as date) as last_day,
    true as reviewed,
    reviews.decision <> 'exempt' as judged,
    reviews.decision = 'reclaim' as reclaimed
from ops.seat_reviews as reviews
