-- Applicants, each where they stand.
select
    cohort,
    role,
    channel,
    person,
    stage,
    result,
    decided_on,
    true as applicants,
    is_accepted as accepted
from applicants
