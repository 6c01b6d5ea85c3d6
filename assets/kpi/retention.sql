-- Of those whose first seat began in the start month, how many learned in a later calendar month that has ended.
-- Grain: start_month × months_since × slice_by × slice.
with parameters as (
    select * from core.parameters
),

starters as (
    select
        seats.member_id,
        min(seats.held_from) as started_on
    from core.seats as seats
    cross join parameters
    where seats.member_id is not null
    group by seats.member_id, parameters.since
    having coalesce(min(seats.held_from) >= parameters.since, true)
),

placed as (
    select
        starters.member_id,
        cast(date_trunc('month', starters.started_on) as date) as start_month,
        periods.cohort,
        periods.study_mode,
        periods.study_group,
        periods.track
    from starters
    inner join core.person_periods as periods
        on starters.member_id = periods.person
        and periods.valid_from <= starters.started_on
        and periods.valid_to > starters.started_on
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
    select
        placed.start_month,
        months.month,
        placed.cohort,
        placed.study_mode,
        placed.study_group,
        placed.track,
        0 as started,
        count(*) as active
    from placed
    inner join core.member_months as learned
        on placed.member_id = learned.member_id and learned.active_days > 0
    inner join months on placed.start_month = months.start_month and learned.month = months.month
    group by
        placed.start_month, months.month, placed.cohort, placed.study_mode, placed.study_group, placed.track
),

begun as (
    select
        start_month,
        cohort,
        study_mode,
        study_group,
        track,
        count(*) as started
    from placed
    group by start_month, cohort, study_mode, study_group, track
),

told as (
    select
        begun.start_month,
        months.month,
        begun.cohort,
        begun.study_mode,
        begun.study_group,
        begun.track,
        begun.started,
        0 as active
    from begun
    inner join months on begun.start_month = months.start_month
    union all
    select * from learned
),

counted as (
    select
        start_month,
        date_diff('month', start_month, month) as months_since,
        case
            when grouping(cohort) = 0 then 'cohort'
            when grouping(study_mode) = 0 then 'study_mode'
            when grouping(study_group) = 0 then 'study_group'
            when grouping(track) = 0 then 'track'
            else 'all'
        end as slice_by,
        coalesce(cohort, study_mode, study_group, track, 'all') as slice,
        sum(started) as started,
        sum(active) as active
    from told
    group by grouping sets (
        (start_month, month),
        (start_month, month, cohort),
        (start_month, month, study_mode),
        (start_month, month, study_group),
        (start_month, month, track)
    )
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
