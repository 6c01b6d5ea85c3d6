-- The next sessions of a group, those for everybody included, with how many questions were asked ahead.
select
    starts_at,
    session,
    any_value(kind) as kind,
    any_value(title) as title,
    any_value(host) as host,
    count(topic) as questions
from list_sessions_to_come
where coalesce(study_group = $study_group, true)
group by starts_at, session
order by starts_at, session
limit $most
