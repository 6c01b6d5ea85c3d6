-- Files that a review rests on and that count for nothing until somebody decides, less those that were made before the
-- month reviewed began. Others of the same export may vouch for its days, so that the month is covered and what is held
-- is all that is missing.
select
    path,
    file_id
from raw.files
where
    status in ('held', 'quarantined')
    and source in ('roster', 'aliases', 'seat_events', 'seat_snapshots', 'activity')
    and coalesce(cast(exported_at as date) >= $first_day, true)
order by path, file_id
