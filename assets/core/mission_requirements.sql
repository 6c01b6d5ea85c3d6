-- What the alternatives of missions ask for; an amount left out is 1, a rank share left out is any.
-- Grain: requirement_id.
with requirements as (
    select
        missions.*,
        coalesce(kinds.takes_any, false) as takes_any
    from staging.missions as missions
    left join core.requirement_kinds as kinds on missions.requirement = kinds.requirement
)

select
    row_number() over (
        order by cohort, mission, alternative, requirement, target nulls first
    ) as requirement_id,
    cohort,
    mission,
    alternative,
    requirement,
    target,
    case
        when threshold is null and not takes_any then 1
        else try_cast(threshold as decimal(18, 10))
    end as threshold,
    team_min,
    team_max
from requirements
