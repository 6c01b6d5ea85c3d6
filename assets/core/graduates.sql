-- Who completed a cohort by as_of: every mandatory mission that was due while the learner was in met or excused, at
-- least one, and none due after leaving; without such missions the own track.
-- Grain: cohort × member_id.
with members as (
    select * from core.cohort_members
),

missions as (
    select
        asked.cohort,
        asked.member_id,
        bool_and(coalesce(results.status in ('met', 'excused'), not asked.has_left))
        and count(results.member_id) > 0 as is_completed,
        timezone('UTC', max(results.met_at)) as completed_at
    from core.mission_members as asked
    left join core.mission_results as results
        on asked.cohort = results.cohort
        and asked.mission = results.mission
        and asked.member_id = results.member_id
    where asked.is_mandatory
    group by asked.cohort, asked.member_id
),

cohorts as (
    select
        members.cohort,
        count(missions.member_id) > 0 as has_missions,
        count(members.seeking) > 0 as has_seeking
    from members
    left join missions on members.cohort = missions.cohort and members.member_id = missions.member_id
    group by members.cohort
)

select
    members.cohort,
    members.member_id,
    case when cohorts.has_missions then missions.completed_at else progress.completed_at end as completed_at,
    not cohorts.has_seeking or coalesce(members.seeking, false) as is_candidate
from members
inner join cohorts on members.cohort = cohorts.cohort
left join missions on members.cohort = missions.cohort and members.member_id = missions.member_id
left join core.track_progress as progress
    on members.member_id = progress.member_id and members.track = progress.track
where case when cohorts.has_missions then missions.is_completed else progress.completed_at is not null end
