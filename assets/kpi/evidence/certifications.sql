-- Certificates earned.
select
    certifications.member_id as person,
    certifications.issued_on as day,
    'certifications' as source,
    certifications._file_id,
    certifications._row
from staging.certifications as certifications
inner join core.parameters as parameters on certifications.issued_on <= parameters.as_of
where certifications.member_id is not null
