-- The sessions themselves.
select
    session,
    cast(starts_at as date) as day,
    'sessions' as source,
    _file_id,
    _row
from staging.sessions
