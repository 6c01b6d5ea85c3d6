-- How far members came on the tracks that the roster names for them: hours of courses completed, of all hours.
-- Grain: member_id × track.
with catalog as (
    select track, course, hours from staging.catalog where track is not null
),

members as (
    select distinct member_id, track from core.roster_periods where track is not null
),

tracks as (
    select track, nullif(sum(hours), 0) as hours from catalog group by track
),

done as (
    select
        members.member_id,
        members.track,
        sum(catalog.hours) as hours,
        max(case when catalog.hours > 0 then completions.completed_at end) as completed_at
    from members
    inner join catalog on members.track = catalog.track
    inner join core.first_completions as completions
        on members.member_id = completions.member_id and catalog.course = completions.course
    group by members.member_id, members.track
)

select
    members.member_id,
    members.track,
    tracks.hours,
    coalesce(done.hours, 0) as hours_completed,
    case when done.hours >= tracks.hours then done.completed_at end as completed_at
from members
left join tracks on members.track = tracks.track
left join done on members.member_id = done.member_id and members.track = done.track
