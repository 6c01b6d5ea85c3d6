-- What was decided on applicants by as_of, in days of the program; the last decision at a stage is the one that counts.
-- Grain: applicant × cohort × stage × decided_at.
with parameters as (
    select * from core.parameters
),

dated as (
    select
        applications.*,
        coalesce(applications.member_id, 'name:' || applications.applicant) as person,
        cast(timezone(parameters.timezone, timezone('UTC', applications.decided_at)) as date) as decided_on,
        cast(timezone(parameters.timezone, timezone('UTC', applications.applied_at)) as date) as applied_on,
        parameters.as_of
    from staging.applications as applications
    cross join parameters
)

select
    dated.applicant,
    dated.member_id,
    dated.person,
    dated.cohort,
    dated.stage,
    stages.position,
    dated.result,
    dated.decided_at,
    dated.decided_on,
    min(dated.applied_on) over (partition by dated.person, dated.cohort) as applied_on,
    dated.role,
    dated.channel,
    row_number() over (
        partition by dated.person, dated.cohort, dated.stage
        order by dated.decided_at desc, dated.result desc, dated.applicant
    ) = 1 as is_last_at_stage,
    row_number() over (
        partition by dated.person, dated.cohort
        order by dated.decided_at desc, stages.position desc, dated.result desc, dated.applicant
    ) as recency
from dated
inner join core.stages as stages on dated.stage = stages.stage
where dated.decided_on <= dated.as_of
