-- Seats of a pool over the month, from its first capacity or event on; whoever holds them, unmatched names included.
-- Grain: month × pool.
with parameters as (
    select * from core.parameters
),

seats as (
    select * from core.seats
),

turns as (
    select pool, held_from as day, 1 as held, 1 as accepted, 0 as reclaimed, 0 as returned, 0 as invited_open
    from seats
    union all
    select
        pool,
        held_before as day,
        -1 as held,
        0 as accepted,
        case when ended_by = 'reclaimed' then 1 else 0 end as reclaimed,
        case when ended_by = 'returned' then 1 else 0 end as returned,
        0 as invited_open
    from seats
    where held_before is not null
    union all
    select
        pool,
        occurred_on as day,
        0 as held,
        0 as accepted,
        0 as reclaimed,
        0 as returned,
        case when event = 'invited' then 1 else -1 end as invited_open
    from core.seat_changes
    where
        is_effective
        and case
            when event = 'invited' then state_before is distinct from 'open'
            when event in ('reclaimed', 'returned') then false
            else state_before is not distinct from 'open'
        end
),

changes as (
    select
        pool,
        day,
        sum(held) as held,
        sum(accepted) as accepted,
        sum(reclaimed) as reclaimed,
        sum(returned) as returned,
        sum(invited_open) as invited_open
    from turns
    group by pool, day
),

starts as (
    select pool, min(day) as first_day
    from (
        select pool, valid_from as day from core.seat_capacities
        union all
        select pool, occurred_on as day from core.seat_changes
    ) as known
    group by pool
),

days as (
    select
        starts.pool,
        cast(unnest(generate_series(
            date_trunc('month', starts.first_day), cast(parameters.as_of as timestamp), interval 1 day
        )) as date) as day
    from starts
    cross join parameters
),

running as (
    select
        days.pool,
        days.day,
        cast(date_trunc('month', days.day) as date) as month,
        sum(coalesce(changes.held, 0)) over so_far as held,
        sum(coalesce(changes.invited_open, 0)) over so_far as invited_open,
        coalesce(changes.held, 0) as held_change,
        coalesce(changes.accepted, 0) as accepted,
        coalesce(changes.reclaimed, 0) as reclaimed,
        coalesce(changes.returned, 0) as returned
    from days
    left join changes on days.pool = changes.pool and days.day = changes.day
    window so_far as (partition by days.pool order by days.day rows between unbounded preceding and current row)
),

monthly as (
    select
        month,
        pool,
        max(day) as month_end,
        min_by(held - held_change, day) as held_start,
        sum(accepted) as accepted,
        sum(reclaimed) as reclaimed,
        sum(returned) as returned,
        max_by(held, day) as held_end,
        max(held) as peak_held,
        max_by(invited_open, day) as invited_open
    from running
    group by month, pool
),

budgeted as (
    select
        monthly.*,
        capacities.capacity,
        case
            when terms.starts_on is not null
                then floor(parameters.rotation_share * capacities.capacity)
        end as budget,
        case
            when terms.starts_on is not null and parameters.rotation_share is not null
                then (
                    select count(*)
                    from seats
                    where
                        seats.pool = monthly.pool
                        and seats.ended_by = 'reclaimed'
                        and seats.held_before between terms.starts_on and monthly.month_end
                )
        end as rotations_used
    from monthly
    cross join parameters
    left join core.seat_capacities as capacities
        on monthly.pool = capacities.pool
        and capacities.valid_from <= monthly.month_end
        and coalesce(capacities.valid_to > monthly.month_end, true)
    left join core.rotation_terms as terms
        on monthly.month_end between terms.starts_on and terms.ends_on
)

select
    month,
    pool,
    capacity,
    held_start,
    accepted,
    reclaimed,
    returned,
    held_end,
    peak_held,
    invited_open,
    capacity - held_end - invited_open as idle,
    cast(held_end as double) / nullif(capacity, 0) as utilization,
    rotations_used,
    budget - rotations_used as rotations_left
from budgeted
