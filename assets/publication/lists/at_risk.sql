-- Whom to write to before it is too late: the most urgent first.
select *
from ops.at_risk
where risk <> 'none'
order by risk, days_left, next_due nulls last, member_id
