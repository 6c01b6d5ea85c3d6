-- Results of applicants.
select
    coalesce(applications.member_id, 'name:' || applications.applicant) as person,
    applications.cohort,
    cast(timezone(parameters.timezone, timezone('UTC', applications.decided_at)) as date) as day,
    'applications' as source,
    applications._file_id,
    applications._row
from staging.applications as applications
cross join core.parameters as parameters
where cast(timezone(parameters.timezone, timezone('UTC', applications.decided_at)) as date) <= parameters.as_of
