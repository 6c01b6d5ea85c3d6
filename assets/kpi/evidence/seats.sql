-- What happened to seats and invitations.
select
    person,
    pool,
    occurred_on as day,
    case when is_derived then 'seat_snapshots' else 'seat_events' end as source,
    _file_id,
    _row
from core.seat_changes
