-- The month's best among those with activity, by XP, then completions, then active days; ties share a place.
-- Grain: month × member_id.
with parameters as (
    select * from core.parameters
),

known as (
    select coalesce(bool_or(xp is not null), false) as has_xp from core.activity_days
),

learned as (
    select
        member_id,
        cast(date_trunc('month', day) as date) as month,
        sum(coalesce(xp, 0)) as xp,
        count(*) as active_days
    from core.activity_days
    group by member_id, cast(date_trunc('month', day) as date)
),

completed as (
    select
        member_id,
        cast(date_trunc('month', completed_on) as date) as month,
        count(*) as completions
    from core.first_completions
    group by member_id, cast(date_trunc('month', completed_on) as date)
),

joined as (
    select
        learned.month,
        learned.member_id,
        learned.xp,
        coalesce(completed.completions, 0) as completions,
        learned.active_days
    from learned
    left join completed on learned.member_id = completed.member_id and learned.month = completed.month
),

ranked as (
    select
        *,
        rank() over (partition by month order by xp desc, completions desc, active_days desc) as rank
    from joined
)

select
    ranked.month,
    ranked.rank,
    ranked.member_id,
    case when known.has_xp then ranked.xp end as xp,
    ranked.completions,
    ranked.active_days
from ranked
cross join parameters
cross join known
where ranked.rank <= parameters.recognition_top
