-- The open requests of each group's members, the latest first; days are the program's.
select
    members.study_group,
    cast(timezone(parameters.timezone, timezone('UTC', requests.opened_at)) as date) as opened_on,
    requests.topic,
    requests.channel,
    requests.is_escalated,
    members.name,
    members.member_id
from core.requests as requests
cross join core.parameters as parameters
inner join list_study_groups as members on requests.member_id = members.member_id
where requests.answered_at is null
order by members.study_group, requests.opened_at desc, requests.topic, members.member_id
