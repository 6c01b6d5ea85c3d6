-- A seat held by one person, from the day of acceptance to the day before its end.
-- Grain: person × pool × phase.
with changes as (
    select * from core.seat_changes where is_effective
),

accepted as (
    select * from changes where event = 'accepted'
),

ended as (
    select * from changes where event in ('reclaimed', 'returned')
)

select
    accepted.person,
    accepted.member_id,
    accepted.pool,
    accepted.phase,
    accepted.occurred_on as held_from,
    ended.occurred_on as held_before,
    ended.event as ended_by
from accepted
left join ended
    on accepted.person = ended.person and accepted.pool = ended.pool and accepted.phase = ended.phase
