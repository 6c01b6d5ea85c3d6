-- Seats that the month's review judged, under another minimum of XP.
select
    judged.review_month,
    judged.tried as minimum_xp,
    judged.member_id as person,
    judged.pool,
    judged.rule,
    judged.xp,
    judged.active_days,
    judged.minimum_active_days,
    judged.exempt_reason,
    cast(judged.review_month - interval 1 month as date) as first_day,
    cast(judged.review_month - interval 1 day as date) as last_day,
    judged.is_judged as judged,
    judged.is_reclaimed as reclaimed
from judged
