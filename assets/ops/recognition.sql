-- The month's best among those with activity, by XP, then completions, then active days; ties share a place.
-- Grain: month × member_id.
with parameters as (
    select * from core.parameters
),

ranked as (
    select
        *,
        rank() over (partition by month order by xp desc, completions desc, active_days desc) as rank
    from core.member_months
    where active_days > 0 and month >= date '0001-01-01'
)

select
    ranked.month,
    ranked.rank,
    ranked.member_id,
    case when measured.has_xp then ranked.xp end as xp,
    ranked.completions,
    ranked.active_days
from ranked
cross join parameters
cross join core.measured as measured
where ranked.rank <= parameters.recognition_top
