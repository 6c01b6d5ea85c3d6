-- Members whose first seat began in the start month, with their learning of the later month.
select
    months.start_month,
    date_diff('month', months.start_month, months.month) as months_since,
    slices.slice_by,
    slices.slice,
    starters.member_id as person,
    starters.started_on,
    months.month as first_day,
    cast(last_day(months.month) as date) as last_day,
    learned.active_days,
    true as started,
    learned.member_id is not null as active
from starters
inner join months on date_trunc('month', starters.started_on) = months.start_month
inner join core.person_slices as slices
    on starters.member_id = slices.person
    and slices.valid_from <= starters.started_on
    and slices.valid_to > starters.started_on
left join core.member_months as learned
    on starters.member_id = learned.member_id and months.month = learned.month and learned.active_days > 0
