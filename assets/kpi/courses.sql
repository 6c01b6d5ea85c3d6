-- Who began and who completed a course, by the tracks that the catalog puts it in. Where of fewer than half of those who
-- completed it a start is known, nobody knows how many began it.
-- Grain: course × track.
with catalog as (
    select course, track, hours from staging.catalog
),

started as (
    select
        coalesce(starts.member_id, completions.member_id) as member_id,
        coalesce(starts.course, completions.course) as course,
        completions.completed_on,
        coalesce(completions.started_on, starts.first_on) as started_on,
        coalesce(completions.started_on <= completions.completed_on, false)
        or coalesce(starts.first_on <= completions.completed_on, false) as is_start_known
    from core.course_starts as starts
    full join core.first_completions as completions
        on starts.member_id = completions.member_id and starts.course = completions.course
),

begun as (
    select started.*
    from started
    cross join core.parameters as parameters
    where coalesce(least(started.started_on, started.completed_on) >= parameters.since, true)
),

spread as (
    select
        course,
        case when started_on <= completed_on then date_diff('day', started_on, completed_on) end as days,
        count(*) as members,
        count(completed_on) as completed,
        count(case when is_start_known then 1 end) as known_starts
    from begun
    group by course, case when started_on <= completed_on then date_diff('day', started_on, completed_on) end
),

ordered as (
    select
        course,
        days,
        sum(members) over (partition by course order by days) as up_to,
        sum(members) over (partition by course) as known
    from spread
    where days is not null
),

medians as (
    select
        course,
        cast(
            min(case when up_to * 2 >= known then days end) + min(case when up_to * 2 > known then days end) as double
        ) / 2 as median_days
    from ordered
    group by course
),

counted as (
    select
        spread.course,
        sum(spread.members) as members,
        sum(spread.completed) as completed,
        sum(spread.known_starts) as known_starts,
        min(medians.median_days) as median_days
    from spread
    left join medians on spread.course = medians.course
    group by spread.course
),

placed as (
    select
        coalesce(counted.course, catalog.course) as course,
        catalog.track,
        case
            when counted.course is null then 0
            when counted.known_starts * 2 >= counted.completed then counted.members
        end as started,
        coalesce(counted.completed, 0) as completed,
        coalesce(counted.known_starts, 0) as known_starts,
        counted.median_days,
        cast(catalog.hours as double) as hours
    from counted
    full join catalog on counted.course = catalog.course
)

select
    course,
    track,
    started,
    completed,
    cast(completed as double) / nullif(started, 0) as completion_rate,
    median_days,
    hours,
    known_starts
from placed
