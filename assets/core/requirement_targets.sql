-- What requirements name, as staging has it: courses and items are separated by '|'.
-- Grain: requirement_id × target.
with requirements as (
    select * from core.mission_requirements where target is not null
),

named as (
    select
        requirement_id,
        unnest(
            case
                when requirement in ('course', 'items', 'xp', 'hours', 'attendance') then string_split(target, '|')
                else [target]
            end
        ) as target
    from requirements
)

select distinct
    requirement_id,
    trim(target) as target
from named
where trim(target) <> ''
