-- Learners of the cohort: in at the mission or not, and whether they remain after it, else since which they do not.
with lost as (
    select
        missions.cohort,
        missions.mission,
        fates.member_id,
        min_by(earlier.mission, earlier.due_at) as lost_at,
        bool_or(fates.is_eliminated) as is_eliminated
    from missions
    inner join missions as earlier
        on missions.cohort = earlier.cohort and missions.due_at >= earlier.due_at
    inner join fates on earlier.cohort = fates.cohort and earlier.mission = fates.mission
    group by missions.cohort, missions.mission, fates.member_id
)

select
    missions.cohort,
    missions.mission,
    members.member_id as person,
    results.status,
    results.met_at,
    results.due_at,
    results.missing,
    case when lost.is_eliminated then lost.lost_at end as eliminated_at,
    case when not lost.is_eliminated then lost.lost_at end as left_before,
    results.member_id is not null as members,
    coalesce(results.status = 'met', false) as met,
    lost.member_id is null as remaining,
    true as cohort_members
from missions
inner join core.cohort_members as members on missions.cohort = members.cohort
left join results
    on missions.cohort = results.cohort
    and missions.mission = results.mission
    and members.member_id = results.member_id
left join lost
    on missions.cohort = lost.cohort and missions.mission = lost.mission and members.member_id = lost.member_id
