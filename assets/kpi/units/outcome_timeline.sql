-- Members as behind kpi.outcomes, and whether their earliest outcome of the kind was by the end of the month.
select
    months.cohort,
    months.kind,
    date_diff('month', months.first_month, months.month) as months_since,
    members.person,
    members.first_on,
    coalesce(date_trunc('month', members.first_on) <= months.month, false) as cumulative_members,
    members.denominator
from months
inner join units_of_outcomes as members on months.cohort = members.cohort and months.kind = members.kind
