-- The sessions to come, with how many questions were asked ahead of each.
select
    starts_at,
    session,
    any_value(study_group) as study_group,
    any_value(kind) as kind,
    any_value(title) as title,
    any_value(host) as host,
    count(topic) as questions
from list_sessions_to_come
group by starts_at, session
order by starts_at, session
limit $most
