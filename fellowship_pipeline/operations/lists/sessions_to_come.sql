-- Sessions to come and the questions asked ahead of each, a row per question and one for a session without any; times are
-- the program's.
with zone as (
    select timezone, as_of from core.parameters
),

sessions as (
    select
        sessions.*,
        timezone(zone.timezone, timezone('UTC', sessions.starts_at)) as starts
    from staging.sessions as sessions
    cross join zone
    where cast(timezone(zone.timezone, timezone('UTC', sessions.starts_at)) as date) > zone.as_of
),

questions as (
    select
        requests.*,
        timezone(zone.timezone, timezone('UTC', requests.opened_at)) as opened
    from staging.support_requests as requests
    cross join zone
    where cast(timezone(zone.timezone, timezone('UTC', requests.opened_at)) as date) <= zone.as_of
)

select
    date_trunc('second', sessions.starts) as starts_at,
    sessions.session,
    sessions.kind,
    sessions.title,
    sessions.host,
    sessions.study_group,
    sessions.capacity,
    questions.topic,
    questions.channel,
    date_trunc('second', questions.opened) as asked_at,
    questions.answered_at is not null as is_answered,
    questions.member_id,
    people.name,
    coalesce(people.email, address_in(questions.member)) as email
from sessions
left join questions on sessions.session = questions.session
left join people on questions.member_id = people.member_id
order by sessions.starts, sessions.session, questions.opened, questions.topic, questions.member
