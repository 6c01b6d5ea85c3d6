-- As behind kpi.seats, all pools with a capacity.
select
    'all' as slice_by,
    'all' as slice,
    units.*
from units_of_seats as units
inner join kpi.seats as pools on units.month = pools.month and units.pool = pools.pool
where pools.capacity is not null
