-- How each mission stands, the cohort with the latest one first.
select
    cohort,
    mission,
    any_value(title) as title,
    max(due_at) as due_at,
    bool_or(is_mandatory) as is_mandatory,
    count(*) as members,
    count(*) filter (where status = 'met') as met,
    count(*) filter (where status = 'late') as late,
    count(*) filter (where status = 'missed') as missed,
    count(*) filter (where status = 'pending') as pending,
    count(*) filter (where is_eliminated) as out
from list_mission_standings
group by cohort, mission
order by max(max(due_at)) over (partition by cohort) desc, cohort, due_at, mission
limit $most
