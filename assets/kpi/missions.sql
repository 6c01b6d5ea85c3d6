-- Missions of a cohort as they stand at the end of as_of: who met them, who is out by them, who remains after them.
-- Grain: cohort × mission.
with missions as (
    select * from core.missions
),

results as (
    select * from core.mission_results
),

cohorts as (
    select cohort, count(*) as members from core.cohort_members group by cohort
),

counted as (
    select
        cohort,
        mission,
        count(*) as members,
        count(case when status = 'met' then 1 end) as met,
        count(case when status = 'late' then 1 end) as late,
        count(case when status = 'missed' then 1 end) as missed,
        count(case when status = 'pending' then 1 end) as pending,
        count(case when status = 'excused' then 1 end) as excused,
        count(case when is_eliminated then 1 end) as eliminated
    from results
    group by cohort, mission
),

gone as (
    select
        missions.cohort,
        missions.mission,
        count(distinct results.member_id) as members
    from missions
    inner join missions as earlier
        on missions.cohort = earlier.cohort and missions.due_at >= earlier.due_at
    inner join results
        on earlier.cohort = results.cohort and earlier.mission = results.mission and results.is_eliminated
    group by missions.cohort, missions.mission
),

totals as (
    select
        missions.cohort,
        missions.mission,
        missions.title,
        missions.due_at,
        missions.is_mandatory,
        coalesce(cohorts.members, 0) as cohort_members,
        coalesce(counted.members, 0) as members,
        coalesce(counted.met, 0) as met,
        coalesce(counted.late, 0) as late,
        coalesce(counted.missed, 0) as missed,
        coalesce(counted.pending, 0) as pending,
        coalesce(counted.excused, 0) as excused,
        coalesce(counted.eliminated, 0) as eliminated,
        coalesce(cohorts.members, 0) - coalesce(gone.members, 0) as remaining
    from missions
    left join cohorts on missions.cohort = cohorts.cohort
    left join counted on missions.cohort = counted.cohort and missions.mission = counted.mission
    left join gone on missions.cohort = gone.cohort and missions.mission = gone.mission
)

select
    cohort,
    mission,
    due_at,
    members,
    met,
    late,
    missed,
    pending,
    cast(met as double) / nullif(members, 0) as on_time_rate,
    eliminated,
    remaining,
    cast(remaining as double) / nullif(cohort_members, 0) as survival_rate,
    excused,
    cohort_members,
    is_mandatory,
    title
from totals
