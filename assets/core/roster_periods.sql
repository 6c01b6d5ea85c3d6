-- Roster rows with their bounds filled in from the cohort's; who has no role is a learner.
-- Grain: member_id × period_rank.
with roster as (
    select * from staging.roster
),

cohorts as (
    select * from core.cohorts
),

bounded as (
    select
        roster.member_id,
        roster.cohort,
        coalesce(roster.role, 'learner') as role,
        roster.study_mode,
        roster.study_group,
        roster.track,
        roster.seeking,
        coalesce(roster.joined_on, cohorts.starts_on, date '0001-01-01') as starts_on,
        coalesce(roster.left_on, cast(cohorts.ends_on + interval 1 day as date), date '9999-12-31') as ends_before,
        roster.joined_on,
        roster.left_on
    from roster
    left join cohorts on roster.cohort = cohorts.cohort
    where roster.member_id is not null
)

select
    member_id,
    cohort,
    role,
    study_mode,
    study_group,
    track,
    seeking,
    starts_on,
    ends_before,
    left_on,
    row_number() over (
        partition by member_id
        order by starts_on, cohort, ends_before, joined_on nulls first
    ) as period_rank
from bounded
