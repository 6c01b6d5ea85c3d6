-- Who began and who completed a course, by the tracks that the catalog puts it in.
-- Grain: course × track.
with catalog as (
    select course, track, hours from staging.catalog
),

started as (
    select
        coalesce(starts.member_id, completions.member_id) as member_id,
        coalesce(starts.course, completions.course) as course,
        completions.completed_on,
        coalesce(completions.started_on, starts.first_on) as started_on
    from core.course_starts as starts
    full join core.first_completions as completions
        on starts.member_id = completions.member_id and starts.course = completions.course
),

counted as (
    select
        course,
        count(*) as started,
        count(completed_on) as completed,
        percentile_cont(0.5) within group (
            order by case
                when started_on <= completed_on
                    then cast(date_diff('day', started_on, completed_on) as double)
            end
        ) as median_days
    from started
    group by course
)

select
    coalesce(counted.course, catalog.course) as course,
    catalog.track,
    coalesce(counted.started, 0) as started,
    coalesce(counted.completed, 0) as completed,
    cast(counted.completed as double) / nullif(counted.started, 0) as completion_rate,
    counted.median_days,
    cast(catalog.hours as double) as hours
from counted
full join catalog on counted.course = catalog.course
