-- Missions of a cohort as they stand at the end of as_of: who met them, who is out by them, who remains after them.
-- Everybody of the cohort remains but those eliminated by it or a mission due before, and those who had left before it
-- or one of these. Nobody is both: whoever is eliminated was in, and is in no mission due after that.
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

eliminated as (
    select distinct cohort, member_id from results where is_eliminated
),

fates as (
    select
        cohort,
        mission,
        member_id,
        true as is_eliminated
    from results
    where is_eliminated
    union all
    select
        members.cohort,
        members.mission,
        members.member_id,
        false as is_eliminated
    from core.mission_members as members
    left join eliminated on members.cohort = eliminated.cohort and members.member_id = eliminated.member_id
    where members.has_left and eliminated.member_id is null
),

gone as (
    select
        missions.cohort,
        missions.mission,
        count(distinct case when fates.is_eliminated then fates.member_id end) as eliminated,
        count(distinct case when not fates.is_eliminated then fates.member_id end) as left_before
    from missions
    inner join missions as earlier
        on missions.cohort = earlier.cohort and missions.due_at >= earlier.due_at
    inner join fates on earlier.cohort = fates.cohort and earlier.mission = fates.mission
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
        coalesce(gone.left_before, 0) as left_before,
        coalesce(cohorts.members, 0) - coalesce(gone.eliminated, 0) - coalesce(gone.left_before, 0) as remaining
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
    title,
    left_before
from totals
