-- Seats held at the end of the month, whoever holds them, and what was bought.
select
    monthly.month,
    monthly.pool,
    seats.person,
    seats.held_from,
    monthly.month_end,
    1 as held_end,
    cast(null as bigint) as capacity
from monthly
inner join seats
    on monthly.pool = seats.pool
    and seats.held_from <= monthly.month_end
    and coalesce(seats.held_before > monthly.month_end, true)
union all
select
    budgeted.month,
    budgeted.pool,
    null as person,
    null as held_from,
    budgeted.month_end,
    0 as held_end,
    budgeted.capacity
from budgeted
where budgeted.capacity is not null
