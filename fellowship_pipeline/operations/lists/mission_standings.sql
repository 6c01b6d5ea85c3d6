-- How every mission stands for those still in at it: when it is due for them and what is missing, and why there is an
-- exception. Times are the program's.
select
    results.cohort,
    results.mission,
    missions.title,
    date_trunc('second', timezone(parameters.timezone, timezone('UTC', results.due_at))) as due_at,
    results.is_mandatory,
    results.member_id,
    people.name,
    people.email,
    results.status,
    date_trunc('second', timezone(parameters.timezone, results.met_at)) as met_at,
    results.missing,
    results.is_eliminated,
    results.reason
from core.mission_results as results
cross join core.parameters as parameters
inner join core.missions as missions on results.cohort = missions.cohort and results.mission = missions.mission
left join people on results.member_id = people.member_id
order by results.cohort, missions.due_at, results.mission, results.status, results.member_id
