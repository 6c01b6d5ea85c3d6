-- Applicants by stage, each with the last result there by as_of.
-- Grain: cohort × stage.
with decisions as (
    select * from core.application_decisions
),

counted as (
    select
        cohort,
        position,
        stage,
        count(*) as entered,
        count(case when result = 'passed' then 1 end) as passed,
        count(case when result = 'failed' then 1 end) as failed,
        count(case when result = 'pending' then 1 end) as pending,
        count(case when result = 'withdrawn' then 1 end) as withdrawn
    from decisions
    where is_last_at_stage
    group by cohort, position, stage
)

select
    cohort,
    position,
    stage,
    entered,
    passed,
    failed,
    pending,
    withdrawn,
    cast(passed as double) / nullif(entered, 0) as pass_rate,
    cast(passed as double) / nullif(first_value(entered) over (
        partition by cohort order by position
        rows between unbounded preceding and unbounded following
    ), 0) as overall_rate
from counted
