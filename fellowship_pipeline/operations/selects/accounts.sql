-- The name by which the newest row about seats knows a member, in each pool: the platform's own.
with pools as (
    select distinct pool from core.seat_capacities
),

written as (
    select member_id, pool, member, occurred_at as moment from staging.seat_events
    union all
    select member_id, pool, member, exported_at as moment from staging.seat_snapshots
)

select
    member_id,
    coalesce(pool, (select min(pools.pool) from pools having count(*) = 1)) as pool,
    last(member order by moment, member) as account
from written
where member_id is not null
group by all
