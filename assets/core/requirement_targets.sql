-- What requirements name, as staging has it: courses and items are separated by '|'.
-- Grain: requirement_id × target.
with requirements as (
    select
        requirements.requirement_id,
        requirements.target,
        coalesce(kinds.is_list, false) as is_list
    from core.mission_requirements as requirements
    left join core.requirement_kinds as kinds on requirements.requirement = kinds.requirement
    where requirements.target is not null
),

named as (
    select
        requirement_id,
        unnest(case when is_list then string_split(target, '|') else [target] end) as target
    from requirements
)

select distinct
    requirement_id,
    trim(target) as target
from named
where trim(target) <> ''
