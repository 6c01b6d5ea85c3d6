-- The first of those at one risk, with what the next mission still asks of each; times are the program's.
select
    risks.* exclude (next_due),
    timezone(parameters.timezone, timezone('UTC', risks.next_due)) as next_due,
    missions.missing as mission_missing
from list_at_risk as risks
cross join core.parameters as parameters
left join core.next_missions as missions on risks.member_id = missions.member_id
where risks.risk = $risk
order by risks.days_left, risks.next_due nulls last, risks.member_id
limit $most
