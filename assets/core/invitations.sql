-- One seat of a pool offered to one person, however often it was sent.
-- Grain: person × pool × phase × invitation.
with changes as (
    select * from core.seat_changes where invitation is not null
),

gathered as (
    select
        person,
        min(member_id) as member_id,
        pool,
        phase,
        invitation,
        min(occurred_on) as sent_on,
        max(case when event = 'invited' then occurred_on end) as last_invited_on,
        count(distinct case when event = 'invited' then occurred_at end) as times_sent,
        max(case when event = 'accepted' then occurred_on end) as accepted_on,
        max(occurred_on) as last_on,
        max_by(event, position) as last_event
    from changes
    group by person, pool, phase, invitation
)

select
    person,
    member_id,
    pool,
    phase,
    invitation,
    sent_on,
    coalesce(last_invited_on, sent_on) as last_sent_on,
    times_sent,
    accepted_on,
    case when last_event in ('declined', 'withdrawn', 'expired') then last_on end as closed_on,
    case when last_event = 'invited' then 'open' else last_event end as status
from gathered
