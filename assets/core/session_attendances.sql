-- Who attended or registered for a session that began by as_of: tools, names and times of a person merged into one row.
-- Minutes are the union of the times in the session, within its window where its length is known, or what a file
-- without times says, if that is more. Attended is more than registered, which is more than waitlisted.
-- Grain: session × member_id.
with parameters as (
    select * from core.parameters
),

sessions as (
    select
        sessions.session,
        sessions.kind,
        sessions.starts_at,
        sessions.starts_at + cast(round(sessions.minutes * 60) as bigint) * interval 1 second as ends_at,
        cast(timezone(parameters.timezone, timezone('UTC', sessions.starts_at)) as date) as starts_on,
        hosts.member_id as host_id
    from staging.sessions as sessions
    cross join parameters
    left join core.named_members as hosts on sessions.host = hosts.name and hosts.named_by = 'file'
    where cast(timezone(parameters.timezone, timezone('UTC', sessions.starts_at)) as date) <= parameters.as_of
),

stays as (
    select * from core.stays where stray_reason is null and member_id is not null
),

within as (
    select
        stays.session,
        stays.member_id,
        greatest(stays.joined_at, sessions.starts_at) as joined_at,
        least(stays.left_at, coalesce(sessions.ends_at, stays.left_at)) as left_at,
        stays.left_at is null as is_open
    from stays
    inner join sessions on stays.session = sessions.session
    where stays.status = 'attended' and stays.joined_at is not null
),

reached as (
    select
        session,
        member_id,
        joined_at,
        left_at,
        is_open,
        max(left_at) over (
            partition by session, member_id order by joined_at, left_at
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from within
),

spans as (
    select
        session,
        member_id,
        is_open,
        date_diff('microsecond', greatest(joined_at, coalesce(reached_at, joined_at)), left_at) as microseconds
    from reached
),

stayed as (
    select
        session,
        member_id,
        cast(cast(sum(greatest(microseconds, 0)) as double) / 60000000 as decimal(38, 10)) as minutes
    from spans
    group by session, member_id
    having count(case when is_open then 1 end) = 0
),

merged as (
    select
        session,
        member_id,
        max(case status when 'attended' then 3 when 'registered' then 2 else 1 end) as standing,
        max(case when role = 'host' then 1 else 0 end) as is_called_host,
        max(case when status = 'attended' and joined_at is null then minutes end) as minutes_given,
        count(case when status = 'attended' and joined_at is not null then 1 end) as joins,
        min(case when status = 'attended' then joined_at end) as first_joined_at,
        max(case when status = 'attended' then left_at end) as last_left_at,
        count(distinct member) as names,
        count(distinct _file_id) as files,
        min(matched_by) as matched_by
    from stays
    group by session, member_id
),

rated as (
    select session, member_id, avg(cast(rating as decimal(28, 10))) as rating
    from (select distinct session, member_id, rating, _file_id, _row from stays where rating is not null) as given
    group by session, member_id
)

select
    merged.session,
    merged.member_id,
    sessions.kind,
    sessions.starts_at,
    sessions.starts_on,
    cast(date_trunc('month', sessions.starts_on) as date) as month,
    case merged.standing when 3 then 'attended' when 2 then 'registered' else 'waitlisted' end as status,
    merged.is_called_host = 1 or coalesce(sessions.host_id = merged.member_id, false) as is_host,
    greatest(
        coalesce(stayed.minutes, merged.minutes_given), coalesce(merged.minutes_given, stayed.minutes)
    ) as minutes,
    rated.rating,
    merged.joins,
    merged.first_joined_at,
    merged.last_left_at,
    merged.names,
    merged.files,
    merged.matched_by,
    cast(date_diff('microsecond', merged.first_joined_at, sessions.starts_at) as double) / -60000000 as distance_minutes
from merged
inner join sessions on merged.session = sessions.session
left join stayed on merged.session = stayed.session and merged.member_id = stayed.member_id
left join rated on merged.session = rated.session and merged.member_id = rated.member_id
