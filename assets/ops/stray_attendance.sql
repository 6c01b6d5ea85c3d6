-- Times in and out, and rows without, that belong to no session for certain, and so count for nothing.
-- Grain: stay.
select
    named_session as session,
    coalesce(member_id, member) as person,
    joined_at,
    left_at,
    stray_reason as reason,
    _file_id,
    _row
from core.stays
where stray_reason is not null
