-- Seat events by as_of, those inferred from snapshots included, each with the state that it met.
-- A seat is held from an acceptance that meets no seat to the first reclaim or return after it; an invitation is open
-- from a sending to the first decline, withdrawal or expiry after it, or to the acceptance. A snapshot that was exported
-- after as_of still tells of the invitations and acceptances that it dates by then.
-- Grain: person × pool × position.
with parameters as (
    select * from core.parameters
),

snapshots as (
    select
        coalesce(member_id, 'name:' || member) as person,
        member_id,
        pool,
        status,
        exported_at,
        invited_at,
        accepted_at,
        _file_id,
        _row,
        row_number() over (
            partition by coalesce(member_id, 'name:' || member), pool, exported_at order by member desc
        ) as choice
    from staging.seat_snapshots
),

compared as (
    select
        *,
        lag(status) over (partition by person, pool order by exported_at) as status_before,
        lag(invited_at) over (partition by person, pool order by exported_at) as invited_before,
        lag(accepted_at) over (partition by person, pool order by exported_at) as accepted_before
    from snapshots
    where choice = 1
),

inferred as (
    select
        person,
        member_id,
        pool,
        'invited' as event,
        coalesce(invited_at, exported_at) as occurred_at,
        _file_id,
        _row
    from compared
    where
        (invited_at is not null and invited_at is distinct from invited_before)
        or (invited_at is null and status = 'invited' and status_before is distinct from 'invited')
    union all
    select
        person,
        member_id,
        pool,
        'accepted' as event,
        coalesce(accepted_at, exported_at) as occurred_at,
        _file_id,
        _row
    from compared
    where
        (accepted_at is not null and status <> 'invited' and accepted_at is distinct from accepted_before)
        or (accepted_at is null and status = 'active' and status_before is distinct from 'active')
    union all
    select
        person,
        member_id,
        pool,
        case when status_before = 'active' or accepted_at is not null then 'reclaimed' else 'withdrawn' end as event,
        exported_at as occurred_at,
        _file_id,
        _row
    from compared
    where
        status = 'removed'
        and (
            status_before <> 'removed'
            or (invited_at is not null and invited_at is distinct from invited_before)
            or (accepted_at is not null and accepted_at is distinct from accepted_before)
        )
),

events as (
    select
        coalesce(member_id, 'name:' || member) as person,
        member_id,
        pool,
        event,
        occurred_at,
        false as is_derived,
        _file_id,
        _row
    from staging.seat_events
    union all
    select person, member_id, pool, event, occurred_at, true as is_derived, _file_id, _row
    from inferred
),

dated as (
    select
        events.*,
        cast(timezone(parameters.timezone, timezone('UTC', events.occurred_at)) as date) as occurred_on,
        case
            when events.event in ('reclaimed', 'returned') then 1
            when events.event = 'invited' then 2
            when events.event in ('expired', 'withdrawn', 'declined') then 3
            else 4
        end as precedence,
        parameters.as_of
    from events
    cross join parameters
),

ordered as (
    select
        *,
        row_number() over (
            partition by person, pool order by occurred_at, precedence, event, is_derived, _file_id, _row
        ) as position
    from dated
    where occurred_on <= as_of
),

held as (
    select
        *,
        coalesce(
            last_value(
                case when event in ('accepted', 'reclaimed', 'returned') then event end ignore nulls
            ) over (
                partition by person, pool order by position rows between unbounded preceding and 1 preceding
            ) = 'accepted',
            false
        ) as is_held_before
    from ordered
),

phased as (
    select
        *,
        coalesce(
            sum(case when is_held_before and event in ('reclaimed', 'returned') then 1 else 0 end) over (
                partition by person, pool order by position rows between unbounded preceding and 1 preceding
            ),
            0
        ) as phase
    from held
),

turned as (
    select
        *,
        last_value(
            case
                when not is_held_before and event in ('invited', 'expired', 'withdrawn', 'declined') then event
            end ignore nulls
        ) over (
            partition by person, pool, phase order by position rows between unbounded preceding and 1 preceding
        ) as turn_before
    from phased
),

judged as (
    select
        *,
        case
            when event in ('reclaimed', 'returned') then is_held_before
            when event in ('invited', 'accepted') then not is_held_before
            else not is_held_before and coalesce(turn_before = 'invited', false)
        end as is_effective
    from turned
),

stated as (
    select
        *,
        last_value(
            case
                when is_effective and event = 'invited' then 'open'
                when is_effective and event in ('expired', 'withdrawn', 'declined') then event
            end ignore nulls
        ) over (
            partition by person, pool, phase order by position rows between unbounded preceding and 1 preceding
        ) as state_before
    from judged
)

select
    person,
    member_id,
    pool,
    position,
    event,
    occurred_at,
    occurred_on,
    is_derived,
    is_held_before,
    state_before,
    is_effective,
    phase,
    case
        when is_effective and event not in ('reclaimed', 'returned') then
            sum(
                case
                    when
                        is_effective
                        and event in ('invited', 'accepted')
                        and coalesce(state_before in ('declined', 'withdrawn'), true)
                        then 1
                    else 0
                end
            ) over (
                partition by person, pool, phase order by position rows between unbounded preceding and current row
            )
    end as invitation,
    _file_id,
    _row
from stated
