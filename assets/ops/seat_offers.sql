-- Who gets the seats that the latest review frees and those that are idle, in the order of waiting. A review that was
-- confirmed frees the seats that were issued to be taken back, whatever is proposed since.
-- Who named no pool, where several are configured, gets a seat of the first of them that has one left in that order:
-- `anywhere` numbers these applicants, each pool takes a run of them, `served` says which (before, up_to], pool by pool.
-- Grain: pool × position.
with recursive parameters as (
    select * from core.parameters
),

latest as (
    select
        coalesce(
            (select max(review_month) from core.review_cases), cast(date_trunc('month', parameters.as_of) as date)
        ) as review_month
    from parameters
),

configured as (
    select
        pool,
        row_number() over (order by min(position), pool) as turn
    from core.seat_capacities
    group by pool
),

pools as (
    select pool from configured
    union
    select pool from core.seat_changes
),

only_pool as (
    select min(pool) as pool
    from (
        select pool from configured
        union
        select changes.pool from core.seat_changes as changes
        left join (select count(*) as pools from configured) as counted on true
        where counted.pools = 0
    ) as known
    having count(*) = 1
),

issued as (
    select decisions.*
    from core.issued_decisions as decisions
    inner join latest on decisions.review_month = latest.review_month
),

decided as (
    select reviews.member_id, reviews.pool, reviews.seat_since, reviews.decision
    from ops.seat_reviews as reviews
    inner join latest on reviews.review_month = latest.review_month
    where not exists (select 1 from issued)
    union all
    select issued.member_id, issued.pool, issued.seat_since, issued.decision
    from issued
    left join core.undone_decisions as undone on issued.decision_id = undone.decision_id
    where undone.decision_id is null
),

freed as (
    select
        decided.pool,
        count(*) as seats
    from decided
    inner join core.seats as seats
        on decided.member_id = seats.member_id
        and decided.pool = seats.pool
        and decided.seat_since = seats.held_from
        and seats.held_before is null
    where decided.decision = 'reclaim'
    group by decided.pool
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
        stages.position as stage_position,
        coalesce(applications.pool, only_pool.pool) as pool
    from staging.applications as applications
    cross join parameters
    inner join core.stages as stages on applications.stage = stages.stage
    left join only_pool on true
    where cast(timezone(parameters.timezone, timezone('UTC', applications.decided_at)) as date) <= parameters.as_of
),

ranked as (
    select
        *,
        coalesce(
            min(applied_at) over (partition by person, pool), min(decided_at) over (partition by person, pool)
        ) as since,
        row_number() over (
            partition by person, pool order by decided_at desc, stage_position desc, result desc, applicant
        ) as choice
    from applied
),

hopeful as (
    select pool, person, applicant, member_id, since
    from ranked
    where choice = 1 and result in ('pending', 'passed')
),

taken as (
    select person, pool from core.seats where held_before is null
    union
    select person, pool from core.invitations where status = 'open'
),

named as (
    select hopeful.*
    from hopeful
    left join taken on hopeful.person = taken.person and hopeful.pool = taken.pool
    where hopeful.pool is not null and taken.person is null
),

anywhere as (
    select
        hopeful.applicant,
        hopeful.member_id,
        hopeful.since,
        row_number() over (order by hopeful.since, hopeful.applicant) as place
    from hopeful
    left join (select person from taken union select person from named) as elsewhere
        on hopeful.person = elsewhere.person
    where hopeful.pool is null and elsewhere.person is null
),

queued as (
    select
        pool,
        place,
        count(case when place is null then 1 end) over (
            partition by pool order by since, applicant
        ) as ahead
    from (
        select named.pool, named.applicant, named.since, null as place from named
        union all
        select configured.pool, anywhere.applicant, anywhere.since, anywhere.place
        from anywhere
        cross join configured
    ) as both_kinds
),

served as (
    select
        cast(0 as bigint) as turn,
        cast(0 as bigint) as before,
        cast(0 as bigint) as up_to
    union all
    select
        configured.turn,
        served.up_to as before,
        greatest(served.up_to, coalesce(max(queued.place), 0)) as up_to
    from served
    inner join configured on configured.turn = served.turn + 1
    inner join vacant on configured.pool = vacant.pool
    left join queued
        on configured.pool = queued.pool and queued.place + queued.ahead <= vacant.seats + served.up_to
    group by configured.turn, served.up_to
),

waiting as (
    select
        *,
        row_number() over (partition by pool order by since, applicant) as position
    from (
        select pool, applicant, member_id, since, '' as remark from named
        union all
        select configured.pool, anywhere.applicant, anywhere.member_id, anywhere.since, '+no_pool' as remark
        from anywhere
        inner join served on anywhere.place > served.before and anywhere.place <= served.up_to
        inner join configured on served.turn = configured.turn
    ) as placed
)

select
    latest.review_month,
    waiting.position,
    waiting.applicant,
    waiting.member_id,
    waiting.pool,
    case when waiting.position <= vacant.freed then 'freed_seat' else 'idle_seat' end || waiting.remark as reason
from waiting
inner join vacant on waiting.pool = vacant.pool and waiting.position <= vacant.seats
cross join latest
