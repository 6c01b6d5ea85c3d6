-- Applicants with a result at the stage, and those with one at the cohort's first.
with results as (
    select * from decisions where is_last_at_stage
),

firsts as (
    select cohort, min_by(stage, position) as stage from counted group by cohort
),

persons as (
    select distinct cohort, person from results
)

select
    counted.cohort,
    counted.stage,
    persons.person,
    results.result,
    results.decided_on,
    results.person is not null as entered,
    coalesce(results.result = 'passed', false) as passed,
    entries.person is not null as first_entered
from counted
inner join firsts on counted.cohort = firsts.cohort
inner join persons on counted.cohort = persons.cohort
left join results
    on counted.cohort = results.cohort and counted.stage = results.stage and persons.person = results.person
left join results as entries
    on counted.cohort = entries.cohort and firsts.stage = entries.stage and persons.person = entries.person
where results.person is not null or entries.person is not null
