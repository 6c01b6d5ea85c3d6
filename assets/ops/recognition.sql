-- The month's best among those with activity, by XP, then completions, then active days; ties share a place.
-- Grain: month × member_id.
with parameters as (
    select * from core.parameters
),

known as (
    select coalesce(bool_or(xp is not null), false) as has_xp from core.activity_days
),

ranked as (
    select
        *,
        rank() over (partition by month order by xp desc, completions desc, active_days desc) as rank
    from core.member_months
    where active_days > 0
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
