-- Applicants who passed the cohort's first stage, and whether they passed this one, too, and all before it.
select
    steps.cohort,
    steps.position,
    steps.stage,
    firsts.person,
    reached.passed_on,
    reached.person is not null as passed,
    case when steps.step > 1 then earlier.person is not null end as passed_previous,
    true as passed_first
from steps
inner join timed as firsts on steps.cohort = firsts.cohort and firsts.step = 1
left join timed as reached
    on steps.cohort = reached.cohort and steps.step = reached.step and firsts.person = reached.person
left join timed as earlier
    on steps.cohort = earlier.cohort and steps.step - 1 = earlier.step and firsts.person = earlier.person
