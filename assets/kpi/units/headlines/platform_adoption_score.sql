-- Members who hold a seat of a pool with a capacity, and whether they have learned since; and what was bought.
with held as (
    select
        seats.member_id,
        min(seats.held_from) as held_from
    from core.seats as seats
    cross join parameters
    inner join kpi.seats as pools
        on seats.pool = pools.pool and pools.month = parameters.month and pools.capacity is not null
    where seats.held_before is null and seats.member_id is not null
    group by seats.member_id
)

select
    'all' as slice_by,
    'all' as slice,
    null as pool,
    held.member_id as person,
    held.held_from,
    holders.member_id is not null as active,
    cast(null as bigint) as capacity
from held
left join holders on held.member_id = holders.member_id
union all
select
    'all' as slice_by,
    'all' as slice,
    pools.pool,
    null as person,
    null as held_from,
    false as active,
    pools.capacity
from kpi.seats as pools
inner join parameters on pools.month = parameters.month
where pools.capacity is not null
