-- Sessions with a limit, and who came to them.
select
    held.month,
    held.kind,
    held.session,
    coalesce(attended.attendances, 0) as places_taken,
    held.capacity
from held
left join attended on held.session = attended.session
where held.capacity is not null
