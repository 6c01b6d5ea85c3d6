-- Roster rows begun by as_of of those whom missions are for: learners, unless program.yaml says who else.
-- Grain: member_id × period_rank.
with parameters as (
    select * from core.parameters
),

roles as (
    select * from core.mission_roles
),

periods as (
    select * from core.roster_periods
)

select
    periods.cohort,
    periods.member_id,
    periods.starts_on,
    periods.ends_before,
    periods.seeking,
    periods.track,
    periods.period_rank
from periods
inner join parameters on periods.starts_on <= parameters.as_of
inner join roles on periods.role = roles.role
