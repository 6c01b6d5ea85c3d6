-- Days on which a member holds any seat, whatever the pool, as spans that do not touch.
-- Grain: member_id × held_from.
with spans as (
    -- once where two seats have the same days: rows that tie may have another order in each window
    select distinct
        member_id,
        held_from,
        coalesce(held_before, date '9999-12-31') as held_before
    from core.seats
    where member_id is not null and held_from < coalesce(held_before, date '9999-12-31')
),

followed as (
    select
        *,
        max(held_before) over (
            partition by member_id order by held_from, held_before
            rows between unbounded preceding and 1 preceding
        ) as reached
    from spans
),

islands as (
    select
        *,
        sum(case when reached is null or held_from > reached then 1 else 0 end) over (
            partition by member_id order by held_from, held_before
            rows between unbounded preceding and current row
        ) as island
    from followed
)

select
    member_id,
    min(held_from) as held_from,
    nullif(max(held_before), date '9999-12-31') as held_before
from islands
group by member_id, island
