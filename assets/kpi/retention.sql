-- Of those whose first seat began in the start month, how many learned in a later calendar month that has ended.
-- Grain: start_month × months_since × slice_by × slice.
with parameters as (
    select * from core.parameters
),

starters as (
    select
        member_id,
        min(held_from) as started_on
    from core.seats
    where member_id is not null
    group by member_id
),

placed as (
    select
        starters.member_id,
        cast(date_trunc('month', starters.started_on) as date) as start_month,
        slices.slice_by,
        slices.slice
    from starters
    inner join core.person_slices as slices
        on starters.member_id = slices.person
        and slices.valid_from <= starters.started_on
        and slices.valid_to > starters.started_on
),

months as (
    select
        starts.start_month,
        cast(unnest(generate_series(
            starts.start_month,
            date_trunc('month', parameters.as_of + interval 1 day) - interval 1 month,
            interval 1 month
        )) as date) as month
    from (select distinct start_month from placed) as starts
    cross join parameters
),

learned as (
    select member_id, month from core.member_months where active_days > 0
),

counted as (
    select
        placed.start_month,
        date_diff('month', placed.start_month, months.month) as months_since,
        placed.slice_by,
        placed.slice,
        count(*) as started,
        count(learned.member_id) as active
    from placed
    inner join months on placed.start_month = months.start_month
    left join learned on placed.member_id = learned.member_id and months.month = learned.month
    group by placed.start_month, months.month, placed.slice_by, placed.slice
)

select
    start_month,
    months_since,
    slice_by,
    slice,
    started,
    active,
    cast(active as double) / nullif(started, 0) as retention_rate
from counted
