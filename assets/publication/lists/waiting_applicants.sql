-- Who waits for an answer, those who wait longest first.
select * from ops.waiting_applicants order by waiting_since, cohort, applicant
