-- Where everybody who is counted anywhere belongs, on which days: what the roster says, else '(none)'.
-- Grain: person × valid_from.
with persons as (
    select person from core.seat_changes
    union
    select member_id as person from core.member_months
    union
    select member_id as person from core.member_periods
)

select
    persons.person,
    coalesce(periods.valid_from, date '0001-01-01') as valid_from,
    coalesce(periods.valid_to, date '9999-12-31') as valid_to,
    coalesce(periods.cohort, '(none)') as cohort,
    coalesce(periods.study_mode, '(none)') as study_mode,
    coalesce(periods.study_group, '(none)') as study_group,
    coalesce(periods.track, '(none)') as track
from persons
left join core.member_periods as periods on persons.person = periods.member_id
