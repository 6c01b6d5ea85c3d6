-- Invitations that wait for an answer, each under the name that it was last sent to: whom to remind.
-- Grain: pool × value.
with parameters as (
    select * from core.parameters
),

invitations as (
    select * from core.invitations where status = 'open'
),

sendings as (
    select * from core.seat_changes where event = 'invited' and invitation is not null
),

names as (
    select _file_id, _row, member from staging.seat_events
    union
    select _file_id, _row, member from staging.seat_snapshots
),

addressed as (
    select
        sendings.person,
        sendings.pool,
        sendings.phase,
        sendings.invitation,
        max_by(names.member, sendings.position) as value
    from sendings
    inner join names on sendings._file_id = names._file_id and sendings._row = names._row
    group by sendings.person, sendings.pool, sendings.phase, sendings.invitation
)

select
    invitations.pool,
    addressed.value,
    invitations.member_id,
    invitations.sent_on as invited_on,
    date_diff('day', invitations.sent_on, parameters.as_of) as days_open,
    invitations.times_sent,
    invitations.last_sent_on
from invitations
cross join parameters
inner join addressed
    on invitations.person = addressed.person
    and invitations.pool = addressed.pool
    and invitations.phase = addressed.phase
    and invitations.invitation = addressed.invitation
