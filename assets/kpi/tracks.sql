-- How far members are on their track: hours of its courses completed, of all its hours.
-- Grain: track × slice_by × slice.
with parameters as (
    select * from core.parameters
),

members as (
    select
        periods.member_id,
        periods.track
    from core.member_periods as periods
    cross join parameters
    where
        periods.track <> '(none)'
        and periods.valid_from <= parameters.as_of
        and periods.valid_to > parameters.as_of
),

progressed as (
    select
        members.member_id,
        members.track,
        progress.hours is not null as is_known,
        progress.completed_at is not null as is_complete,
        cast(progress.hours_completed as double) / cast(progress.hours as double) as progress
    from members
    inner join core.track_progress as progress
        on members.member_id = progress.member_id and members.track = progress.track
),

counted as (
    select
        progressed.track,
        slices.slice_by,
        slices.slice,
        count(*) as members,
        bool_and(progressed.is_known) as is_known,
        percentile_cont(0.5) within group (order by progressed.progress) as median_progress,
        count(case when progressed.is_complete then 1 end) as completed
    from progressed
    cross join parameters
    inner join core.person_slices as slices
        on progressed.member_id = slices.person
        and slices.valid_from <= parameters.as_of
        and slices.valid_to > parameters.as_of
    group by progressed.track, slices.slice_by, slices.slice
)

select
    track,
    slice_by,
    slice,
    members,
    median_progress,
    case when is_known then completed end as completed,
    case when is_known then cast(completed as double) / nullif(members, 0) end as completion_rate
from counted
