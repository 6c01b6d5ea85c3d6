-- Applicants by stage, each with the last result there by as_of.
-- Grain: cohort × stage.
with parameters as (
    select * from core.parameters
),

dated as (
    select
        coalesce(applications.member_id, 'name:' || applications.applicant) as person,
        applications.cohort,
        applications.stage,
        applications.result,
        applications.decided_at
    from staging.applications as applications
    cross join parameters
    where cast(timezone(parameters.timezone, timezone('UTC', applications.decided_at)) as date) <= parameters.as_of
),

stages as (
    select
        seen.stage,
        listed.position,
        (select count(*) from core.application_stages) as listed_stages,
        sum(case when listed.position is null then 1 else 0 end) over (
            order by listed.position nulls last, seen.first_decided_at, seen.stage
            rows between unbounded preceding and current row
        ) as unlisted_place
    from (select stage, min(decided_at) as first_decided_at from dated group by stage) as seen
    left join core.application_stages as listed on seen.stage = listed.stage
),

ranked as (
    select
        *,
        row_number() over (
            partition by person, cohort, stage order by decided_at desc, result desc
        ) as choice
    from dated
),

counted as (
    select
        ranked.cohort,
        coalesce(stages.position, stages.listed_stages + stages.unlisted_place) as position,
        ranked.stage,
        count(*) as entered,
        count(case when ranked.result = 'passed' then 1 end) as passed,
        count(case when ranked.result = 'failed' then 1 end) as failed,
        count(case when ranked.result = 'pending' then 1 end) as pending,
        count(case when ranked.result = 'withdrawn' then 1 end) as withdrawn
    from ranked
    inner join stages on ranked.stage = stages.stage
    where ranked.choice = 1
    group by ranked.cohort, coalesce(stages.position, stages.listed_stages + stages.unlisted_place), ranked.stage
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
