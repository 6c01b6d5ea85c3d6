-- Files that need somebody's decision or attention, and why.
select file_id, path, source, status, reason, "rows", rejected, first_seen
from raw.files
where status in ('received', 'held', 'quarantined', 'rejected') or rejected > 0 or needs_look
order by status, path, source
