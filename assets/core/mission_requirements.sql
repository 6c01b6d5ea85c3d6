-- What the alternatives of missions ask for; an amount left out is 1, a rank share left out is any.
-- Grain: requirement_id.
with requirements as (
    select * from staging.missions
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
        when threshold is null and requirement <> 'competition' then 1
        else try_cast(threshold as decimal(18, 10))
    end as threshold,
    team_min,
    team_max
from requirements
