-- From applying to being placed: at each stage those who passed it and every stage before. Nobody can complete a cohort
-- without mandatory missions where no catalog says what a track asks for: that stage is none of it.
-- Grain: cohort × position.
with parameters as (
    select * from core.parameters
),

decisions as (
    select * from core.application_decisions
),

applicants as (
    select * from core.applicants
),

outcome_stages as (
    select distinct
        named.source,
        named.stage,
        named.place,
        (select count(*) from core.stages) + named.place as position
    from (
        values
        ('missions', 'completed', 1), ('catalog', 'completed', 1), ('certifications', 'certified', 2),
        ('outcomes', 'placed', 3)
    ) as named (source, stage, place)
    inner join core.configured_sources as sources on named.source = sources.source
),

completable as (
    select cohort from core.missions where is_mandatory
    union
    select cohort from core.graduates
),

stages as (
    select distinct
        cohort,
        position,
        stage
    from decisions
    union all
    select distinct
        cohorts.cohort,
        outcome_stages.position,
        outcome_stages.stage
    from (select distinct cohort from decisions) as cohorts
    cross join outcome_stages
    left join completable on cohorts.cohort = completable.cohort
    where outcome_stages.source <> 'missions' or completable.cohort is not null
),

steps as (
    select
        *,
        row_number() over (partition by cohort order by position) as step
    from stages
),

member_passes as (
    select
        graduates.cohort,
        graduates.member_id,
        1 as place,
        cast(timezone(parameters.timezone, timezone('UTC', graduates.completed_at)) as date) as passed_on
    from core.graduates as graduates
    cross join parameters
    union all
    select
        applicants.cohort,
        applicants.member_id,
        2 as place,
        min(certifications.issued_on) as passed_on
    from applicants
    cross join parameters
    inner join staging.certifications as certifications
        on applicants.member_id = certifications.member_id and certifications.issued_on <= parameters.as_of
    group by applicants.cohort, applicants.member_id
    union all
    select
        applicants.cohort,
        applicants.member_id,
        3 as place,
        min(outcomes.occurred_on) as passed_on
    from applicants
    cross join parameters
    inner join staging.outcomes as outcomes
        on applicants.member_id = outcomes.member_id and outcomes.occurred_on <= parameters.as_of
    inner join core.outcome_kinds as kinds on outcomes.kind = kinds.kind and kinds.is_placement
    group by applicants.cohort, applicants.member_id
),

passes as (
    select
        cohort,
        person,
        position,
        decided_on as passed_on
    from decisions
    where is_last_at_stage and result = 'passed'
    union all
    select
        member_passes.cohort,
        member_passes.member_id as person,
        placed.position,
        member_passes.passed_on
    from member_passes
    inner join (select distinct place, position from outcome_stages) as placed on member_passes.place = placed.place
),

reached as (
    select
        passes.cohort,
        passes.person,
        passes.passed_on,
        steps.step,
        row_number() over (partition by passes.cohort, passes.person order by steps.step) as steps_passed
    from passes
    inner join steps on passes.cohort = steps.cohort and passes.position = steps.position
),

timed as (
    select
        reached.cohort,
        reached.person,
        reached.step,
        reached.passed_on,
        lag(reached.passed_on, 1, applicants.applied_on) over (
            partition by reached.cohort, reached.person order by reached.step
        ) as passed_before_on
    from reached
    inner join applicants on reached.cohort = applicants.cohort and reached.person = applicants.person
    where reached.steps_passed = reached.step
),

counted as (
    select
        steps.cohort,
        steps.position,
        steps.stage,
        count(timed.person) as passed,
        percentile_cont(0.5) within group (
            order by case
                when timed.passed_before_on <= timed.passed_on
                    then cast(date_diff('day', timed.passed_before_on, timed.passed_on) as double)
            end
        ) as median_days
    from steps
    left join timed on steps.cohort = timed.cohort and steps.step = timed.step
    group by steps.cohort, steps.position, steps.stage
),

compared as (
    select
        *,
        lag(passed) over (partition by cohort order by position) as passed_previous,
        first_value(passed) over (partition by cohort order by position) as passed_first
    from counted
),

applied as (
    select
        cohort,
        count(*) as applicants
    from applicants
    group by cohort
)

select
    compared.cohort,
    compared.position,
    compared.stage,
    applied.applicants,
    compared.passed,
    compared.passed_previous,
    compared.passed_first,
    cast(compared.passed as double) / nullif(compared.passed_previous, 0) as share_of_previous,
    cast(compared.passed as double) / nullif(compared.passed_first, 0) as share_of_first,
    compared.median_days
from compared
inner join applied on compared.cohort = applied.cohort
