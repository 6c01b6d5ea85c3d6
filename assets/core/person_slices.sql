-- The slices of everybody who is counted anywhere, by day.
-- Grain: person × slice_by × valid_from.
with periods as (
    select * from core.member_periods
),

persons as (
    select person from core.seat_changes
    union
    select member_id as person from core.activity_days
    union
    select member_id as person from core.first_completions
    union
    select member_id as person from periods
),

placed as (
    select
        persons.person,
        coalesce(periods.valid_from, date '0001-01-01') as valid_from,
        coalesce(periods.valid_to, date '9999-12-31') as valid_to,
        coalesce(periods.cohort, '(none)') as cohort,
        coalesce(periods.study_mode, '(none)') as study_mode,
        coalesce(periods.study_group, '(none)') as study_group,
        coalesce(periods.track, '(none)') as track
    from persons
    left join periods on persons.person = periods.member_id
)

select person, 'all' as slice_by, 'all' as slice, date '0001-01-01' as valid_from, date '9999-12-31' as valid_to
from persons
union all
select person, 'cohort' as slice_by, cohort as slice, valid_from, valid_to from placed
union all
select person, 'study_mode' as slice_by, study_mode as slice, valid_from, valid_to from placed
union all
select person, 'study_group' as slice_by, study_group as slice, valid_from, valid_to from placed
union all
select person, 'track' as slice_by, track as slice, valid_from, valid_to from placed
