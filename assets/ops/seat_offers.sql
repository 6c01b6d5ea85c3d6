-- Who gets the seats that the latest review frees and those that are idle, in the order of waiting.
-- Grain: pool × position.
with parameters as (
    select * from core.parameters
),

latest as (
    select
        coalesce(
            (select max(review_month) from core.review_cases), cast(date_trunc('month', parameters.as_of) as date)
        ) as review_month
    from parameters
),

pools as (
    select pool from core.seat_capacities
    union
    select pool from core.seat_changes
),

freed as (
    select
        reviews.pool,
        count(*) as seats
    from ops.seat_reviews as reviews
    inner join latest on reviews.review_month = latest.review_month
    inner join core.seats as seats
        on reviews.member_id = seats.member_id
        and reviews.pool = seats.pool
        and reviews.seat_since = seats.held_from
        and seats.held_before is null
    where reviews.decision = 'reclaim'
    group by reviews.pool
),

idle as (
    select
        seats.pool,
        seats.idle
    from kpi.seats as seats
    cross join parameters
    where seats.month = cast(date_trunc('month', parameters.as_of) as date)
),

vacant as (
    select
        pools.pool,
        greatest(coalesce(freed.seats, 0) + coalesce(idle.idle, 0), 0) as seats,
        least(coalesce(freed.seats, 0), greatest(coalesce(freed.seats, 0) + coalesce(idle.idle, 0), 0)) as freed
    from pools
    left join freed on pools.pool = freed.pool
    left join idle on pools.pool = idle.pool
),

applied as (
    select
        coalesce(applications.member_id, 'name:' || applications.applicant) as person,
        applications.applicant,
        applications.member_id,
        applications.result,
        applications.decided_at,
        applications.applied_at,
        coalesce(
            applications.pool, (select min(pools.pool) from pools having count(*) = 1)
        ) as pool
    from staging.applications as applications
    cross join parameters
    where cast(timezone(parameters.timezone, timezone('UTC', applications.decided_at)) as date) <= parameters.as_of
),

ranked as (
    select
        *,
        coalesce(
            min(applied_at) over (partition by person, pool), min(decided_at) over (partition by person, pool)
        ) as since,
        row_number() over (
            partition by person, pool order by decided_at desc, result desc, applicant
        ) as choice
    from applied
    where pool is not null
),

taken as (
    select person, pool from core.seats where held_before is null
    union
    select person, pool from core.invitations where status = 'open'
),

waiting as (
    select
        ranked.pool,
        ranked.applicant,
        ranked.member_id,
        ranked.since,
        row_number() over (partition by ranked.pool order by ranked.since, ranked.applicant) as position
    from ranked
    left join taken on ranked.person = taken.person and ranked.pool = taken.pool
    where ranked.choice = 1 and ranked.result in ('pending', 'passed') and taken.person is null
)

select
    latest.review_month,
    waiting.position,
    waiting.applicant,
    waiting.member_id,
    waiting.pool,
    case when waiting.position <= vacant.freed then 'freed_seat' else 'idle_seat' end as reason
from waiting
inner join vacant on waiting.pool = vacant.pool and waiting.position <= vacant.seats
cross join latest
