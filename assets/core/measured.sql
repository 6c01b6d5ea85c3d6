-- Whether any activity of the program has XP, and any minutes.
-- Grain: one row.
with told as (
    select
        count(xp) as days_with_xp,
        count(minutes) as days_with_minutes
    from core.activity_days
)

select
    coalesce(days_with_xp > 0, false) as has_xp,
    coalesce(days_with_minutes > 0, false) as has_minutes
from told
