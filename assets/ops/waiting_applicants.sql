-- Applicants who wait for an answer, and since when.
-- Grain: cohort × applicant.
with parameters as (
    select * from core.parameters
)

select
    applicants.cohort,
    applicants.applicant,
    applicants.member_id,
    applicants.role,
    applicants.channel,
    applicants.stage,
    applicants.waiting_since,
    date_diff('day', applicants.waiting_since, parameters.as_of) as days_waiting,
    applicants.is_unanswered
from core.applicants as applicants
cross join parameters
where applicants.result = 'pending'
