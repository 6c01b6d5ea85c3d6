-- Who was at which session.
select
    stays.member_id as person,
    attendances.session,
    attendances.month,
    attendances.kind,
    attendances.starts_on as day,
    'attendance' as source,
    stays._file_id,
    stays._row
from core.session_attendances as attendances
inner join core.stays as stays
    on attendances.session = stays.session and attendances.member_id = stays.member_id
where attendances.status = 'attended' and not attendances.is_host and stays.stray_reason is null
