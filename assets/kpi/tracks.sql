-- How far members are on their track: hours of its courses completed, of all its hours.
-- Grain: track × slice_by × slice.
with parameters as (
    select * from core.parameters
),

catalog as (
    select track, course, hours from staging.catalog where track is not null
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

tracks as (
    select track, nullif(sum(hours), 0) as hours from catalog group by track
),

done as (
    select
        members.member_id,
        members.track,
        sum(catalog.hours) as hours
    from members
    inner join catalog on members.track = catalog.track
    inner join core.first_completions as completions
        on members.member_id = completions.member_id and catalog.course = completions.course
    group by members.member_id, members.track
),

progressed as (
    select
        members.member_id,
        members.track,
        tracks.hours is not null as is_known,
        coalesce(done.hours, 0) >= tracks.hours as is_complete,
        cast(coalesce(done.hours, 0) as double) / cast(tracks.hours as double) as progress
    from members
    left join tracks on members.track = tracks.track
    left join done on members.member_id = done.member_id and members.track = done.track
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
