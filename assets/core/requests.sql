-- Questions and problems raised by as_of. An answer after as_of is none yet; who is named and resolves to nobody is left
-- out; the role of who answered is that of the day.
-- Grain: request.
with parameters as (
    select * from core.parameters
),

dated as (
    select
        requests.*,
        cast(timezone(parameters.timezone, timezone('UTC', requests.opened_at)) as date) as opened_on,
        cast(timezone(parameters.timezone, timezone('UTC', requests.answered_at)) as date) as answered_on,
        parameters.as_of
    from staging.support_requests as requests
    cross join parameters
    where requests.member is null or requests.member_id is not null
),

by_as_of as (
    select
        opened_at,
        opened_on,
        member_id,
        session,
        channel,
        topic,
        case when answered_on <= as_of then answered_at end as answered_at,
        case when answered_on <= as_of then answered_on end as answered_on,
        case when answered_on <= as_of then answered_by end as answered_by,
        escalated_to,
        _file_id,
        _row
    from dated
    where opened_on <= as_of
)

select
    cast(date_trunc('month', by_as_of.opened_on) as date) as month,
    by_as_of.opened_at,
    by_as_of.member_id,
    by_as_of.session,
    coalesce(sessions.kind, '(none)') as kind,
    coalesce(by_as_of.channel, '(none)') as channel,
    coalesce(by_as_of.topic, '(none)') as topic,
    by_as_of.answered_at,
    case
        when by_as_of.answered_on is not null
            then cast(date_trunc('month', greatest(by_as_of.answered_on, by_as_of.opened_on)) as date)
    end as answered_month,
    case
        when by_as_of.answered_at >= by_as_of.opened_at
            then cast(date_diff('microsecond', by_as_of.opened_at, by_as_of.answered_at) as double) / 3600000000
    end as hours_to_answer,
    coalesce(by_as_of.opened_at < sessions.starts_at, false) as is_asked_ahead,
    by_as_of.escalated_to is not null as is_escalated,
    named.member_id is not null and coalesce(periods.role, '') not in ('mentor', 'staff') as is_answered_by_member,
    by_as_of._file_id,
    by_as_of._row
from by_as_of
left join staging.sessions as sessions on by_as_of.session = sessions.session
left join core.named_members as named on by_as_of.answered_by = named.name and named.named_by = 'file'
left join core.member_periods as periods
    on named.member_id = periods.member_id
    and periods.valid_from <= by_as_of.answered_on
    and periods.valid_to > by_as_of.answered_on
