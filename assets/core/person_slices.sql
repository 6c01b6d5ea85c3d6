-- The slices of everybody who is counted anywhere, by day.
-- Grain: person × slice_by × valid_from.
with periods as (
    select * from core.person_periods
)

select distinct
    person,
    'all' as slice_by,
    'all' as slice,
    date '0001-01-01' as valid_from,
    date '9999-12-31' as valid_to
from periods
union all
select person, 'cohort' as slice_by, cohort as slice, valid_from, valid_to from periods
union all
select person, 'study_mode' as slice_by, study_mode as slice, valid_from, valid_to from periods
union all
select person, 'study_group' as slice_by, study_group as slice, valid_from, valid_to from periods
union all
select person, 'track' as slice_by, track as slice, valid_from, valid_to from periods
