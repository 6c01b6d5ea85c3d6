-- How far everybody in a cohort is by as_of with what its missions ask for, and since when that is enough.
-- Of a competition's boards the latest by the due date decides, private before public; where it does not pass, the
-- latest of all.
-- Grain: requirement_id × member_id.
with requirements as (
    select
        requirements.requirement_id,
        requirements.cohort,
        requirements.requirement,
        requirements.target,
        coalesce(kinds.found_in, '(unknown)') as found_in,
        coalesce(kinds.unit, 1) as unit,
        requirements.threshold * coalesce(kinds.unit, 1) as threshold,
        members.member_id,
        members.due_at
    from core.mission_requirements as requirements
    left join core.requirement_kinds as kinds on requirements.requirement = kinds.requirement
    inner join core.mission_members as members
        on requirements.cohort = members.cohort and requirements.mission = members.mission
),

boards as (
    select
        requirements.requirement_id,
        requirements.member_id,
        trials.as_of,
        trials.is_passed,
        row_number() over (
            partition by
                requirements.requirement_id, requirements.member_id, trials.competition,
                trials.as_of <= requirements.due_at
            order by trials.as_of desc, case trials.board when 'private' then 0 else 1 end, trials.is_passed desc
        ) as choice
    from requirements
    inner join core.competition_trials as trials
        on requirements.requirement_id = trials.requirement_id and requirements.member_id = trials.member_id
),

found as (
    select
        requirements.requirement_id,
        requirements.member_id,
        count(results.met_at) as reached,
        count(*) as needed,
        case when count(*) = count(results.met_at) then max(results.met_at) end as met_at,
        string_agg(case when results.met_at is null then targets.target end, ', ' order by targets.target) as missing
    from requirements
    inner join core.requirement_targets as targets on requirements.requirement_id = targets.requirement_id
    left join core.target_results as results
        on targets.requirement_id = results.requirement_id
        and targets.target = results.target
        and requirements.member_id = results.member_id
    where requirements.found_in = 'target_results'
    group by requirements.requirement_id, requirements.member_id
    union all
    select
        requirements.requirement_id,
        requirements.member_id,
        max(amounts.total) as reached,
        requirements.threshold as needed,
        min(case when amounts.total >= requirements.threshold then amounts.moment end) as met_at,
        null as missing
    from requirements
    inner join core.mission_amounts as amounts
        on requirements.cohort = amounts.cohort
        and requirements.requirement = amounts.requirement
        and requirements.target is not distinct from amounts.target
        and requirements.member_id = amounts.member_id
    group by requirements.requirement_id, requirements.member_id, requirements.threshold
    union all
    select
        requirement_id,
        member_id,
        1 as reached,
        1 as needed,
        min(as_of) as met_at,
        null as missing
    from boards
    where choice = 1 and is_passed
    group by requirement_id, member_id
),

counted as (
    select
        requirements.requirement_id,
        requirements.requirement,
        requirements.found_in = 'mission_amounts' as is_amount,
        requirements.unit,
        requirements.member_id,
        coalesce(found.reached, 0) as reached,
        case
            when requirements.found_in = 'mission_amounts' then requirements.threshold
            else coalesce(found.needed, 1)
        end as needed,
        found.met_at,
        coalesce(found.missing, requirements.target) as missing
    from requirements
    left join found
        on requirements.requirement_id = found.requirement_id and requirements.member_id = found.member_id
)

select
    requirement_id,
    member_id,
    reached,
    needed,
    met_at,
    case
        when met_at is not null then null
        when is_amount
            then
                requirement || coalesce(' ' || missing, '')
                || ': ' || cast(cast(reached as double) / unit as varchar)
                || ' of ' || cast(cast(needed as double) / unit as varchar)
        else requirement || coalesce(' ' || missing, '')
    end as missing
from counted
