-- Where members belong.
select
    member_id as person,
    cohort,
    joined_on as day,
    'roster' as source,
    _file_id,
    _row
from staging.roster
where member_id is not null
