-- Whether any activity of the program has XP, and any minutes.
-- Grain: one row.
select
    coalesce(bool_or(xp is not null), false) as has_xp,
    coalesce(bool_or(minutes is not null), false) as has_minutes
from core.activity_days
