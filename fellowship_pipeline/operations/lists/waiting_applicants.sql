-- Who waits for an answer, those who wait longest first.
select
    waiting.cohort,
    waiting.applicant,
    waiting.member_id,
    people.name,
    coalesce(people.email, address_in(waiting.applicant)) as email,
    waiting.* exclude (cohort, applicant, member_id)
from ops.waiting_applicants as waiting
left join people on waiting.member_id = people.member_id
order by waiting.waiting_since, waiting.cohort, waiting.applicant
