-- The month's best among those with activity, by XP, then completions, then active days; ties share a place.
-- Grain: month × member_id.
with parameters as (
    select * from core.parameters
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
    ranked.xp,
    ranked.completions,
    ranked.active_days
from ranked
cross join parameters
where ranked.rank <= parameters.recognition_top
