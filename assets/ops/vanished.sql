-- Members whom newer exports of totals leave out: what they had stays, what they do is unknown.
-- Grain: entry × member × course.
select
    entry,
    member,
    member_id,
    course,
    last_on,
    missing_on
from raw.totals
where missing_on is not null
