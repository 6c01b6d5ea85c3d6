-- Missions of those in at them, as they stand at the end of as_of. A mission is met by the first of its alternatives, and
-- that at the last of its requirements. The first mandatory mission that is late or missed, by the member's own due
-- date, eliminates: the member is in none that is due later.
-- Grain: cohort × mission × member_id.
with members as (
    select * from core.mission_members where is_in
),

alternatives as (
    select
        requirements.cohort,
        requirements.mission,
        requirements.alternative,
        results.member_id,
        case when count(*) = count(results.met_at) then max(results.met_at) end as met_at,
        string_agg(results.missing, ' + ' order by results.missing) as missing
    from core.mission_requirements as requirements
    inner join core.requirement_results as results on requirements.requirement_id = results.requirement_id
    group by requirements.cohort, requirements.mission, requirements.alternative, results.member_id
),

ranked as (
    select
        cohort,
        mission,
        member_id,
        alternative,
        met_at,
        string_agg(missing, ' or ') over (
            partition by cohort, mission, member_id order by alternative
            rows between unbounded preceding and unbounded following
        ) as missing,
        row_number() over (
            partition by cohort, mission, member_id order by met_at nulls last, alternative
        ) as choice
    from alternatives
),

judged as (
    select
        members.cohort,
        members.mission,
        members.member_id,
        members.due_at,
        members.is_mandatory,
        members.exception,
        members.reason,
        ranked.met_at,
        case when ranked.met_at is not null then ranked.alternative end as alternative,
        case when ranked.met_at is null then ranked.missing end as missing,
        case
            when members.is_excused then 'excused'
            when ranked.met_at <= members.due_at then 'met'
            when ranked.met_at is not null then 'late'
            when members.is_due then 'missed'
            else 'pending'
        end as status
    from members
    left join ranked
        on members.cohort = ranked.cohort
        and members.mission = ranked.mission
        and members.member_id = ranked.member_id
        and ranked.choice = 1
),

marked as (
    select
        *,
        is_mandatory and status in ('late', 'missed') as is_eliminated
    from judged
),

still_in as (
    select
        *,
        min(case when is_eliminated then due_at end) over (partition by cohort, member_id) as eliminated_at
    from marked
)

select
    cohort,
    mission,
    member_id,
    status,
    timezone('UTC', met_at) as met_at,
    due_at,
    is_mandatory,
    alternative,
    is_eliminated,
    missing,
    reason
from still_in
where eliminated_at is null or due_at <= eliminated_at
