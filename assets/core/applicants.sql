-- Where an applicant of a cohort stands: the last decision, and whether it was to pass the cohort's last stage.
-- Grain: cohort × person.
with parameters as (
    select * from core.parameters
),

decisions as (
    select
        *,
        max(position) over (partition by cohort) as last_position
    from core.application_decisions
),

applicants as (
    select
        cohort,
        person,
        min_by(applicant, recency) as applicant,
        min(member_id) as member_id,
        min_by(stage, recency) as stage,
        min_by(result, recency) as result,
        min_by(decided_on, recency) as decided_on,
        min(applied_on) as applied_on,
        coalesce(min(applied_on), min(decided_on)) as waiting_since,
        min_by(role, recency) filter (where role is not null) as role,
        min_by(channel, recency) filter (where channel is not null) as channel,
        bool_or(is_last_at_stage and position = last_position and result = 'passed') as is_accepted
    from decisions
    group by cohort, person
)

select
    applicants.cohort,
    applicants.person,
    applicants.applicant,
    applicants.member_id,
    applicants.stage,
    applicants.result,
    applicants.decided_on,
    applicants.applied_on,
    applicants.waiting_since,
    coalesce(applicants.role, '(none)') as role,
    coalesce(applicants.channel, '(none)') as channel,
    applicants.is_accepted,
    applicants.result = 'pending'
    and date_diff('day', applicants.waiting_since, parameters.as_of) > 60 as is_unanswered
from applicants
cross join parameters
