-- Whom to write to before it is too late: the most urgent first.
select
    risks.member_id,
    people.name,
    people.email,
    risks.* exclude (member_id)
from ops.at_risk as risks
left join people on risks.member_id = people.member_id
where risks.risk <> 'none'
order by risks.risk, risks.days_left, risks.next_due nulls last, risks.member_id
