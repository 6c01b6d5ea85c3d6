-- Seat events that fit no state of the seat, and so count for nothing.
-- Grain: event.
select
    person,
    pool,
    event,
    occurred_at,
    _file_id,
    _row
from core.seat_changes
where not is_effective and not is_derived
