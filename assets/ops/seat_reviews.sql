-- The monthly review: a seat is kept where both minima are met; what exceeds the rotation budget is deferred, and so is
-- whoever no export of totals tells of.
-- Grain: review_month × pool × member_id.
with cases as (
    select * from core.review_cases
),

parameters as (
    select * from core.parameters
),

judged as (
    select
        *,
        case
            when days_counted < days_in_month then ceil(minimum_xp * days_counted / days_in_month)
            else minimum_xp
        end as xp_needed
    from cases
),

proposed as (
    select
        *,
        case
            when exempt_reason is not null then 'exempt'
            when coalesce(xp >= xp_needed, true) and active_days >= minimum_active_days then 'keep'
            when is_unknown then 'deferred'
            else 'reclaim'
        end as proposal,
        case
            when exempt_reason is not null then exempt_reason
            when coalesce(xp >= xp_needed, true) and active_days >= minimum_active_days then 'met'
            when is_unknown then 'unknown'
            when coalesce(xp >= xp_needed, true) then 'active_days'
            when active_days >= minimum_active_days then 'xp'
            else 'xp+active_days'
        end as grounds
    from judged
),

budgets as (
    select
        months.review_month,
        capacities.pool,
        floor(parameters.rotation_share * capacities.capacity)
        - (
            select count(*)
            from core.seats as seats
            where
                seats.pool = capacities.pool
                and seats.ended_by = 'reclaimed'
                and seats.held_before >= terms.starts_on
                and seats.held_before < months.review_month
        ) as seats_left
    from core.review_months as months
    cross join parameters
    inner join core.rotation_terms as terms on months.review_month between terms.starts_on and terms.ends_on
    inner join core.seat_capacities as capacities
        on capacities.valid_from <= months.review_month
        and coalesce(capacities.valid_to > months.review_month, true)
    where parameters.rotation_share is not null
),

ranked as (
    select
        proposed.*,
        row_number() over (
            partition by proposed.review_month, proposed.pool, proposed.proposal
            order by proposed.xp, proposed.last_activity nulls first, proposed.member_id
        ) as place,
        budgets.seats_left
    from proposed
    left join budgets on proposed.review_month = budgets.review_month and proposed.pool = budgets.pool
)

select
    review_month,
    member_id,
    pool,
    study_mode,
    rule,
    seat_since,
    xp,
    active_days,
    last_activity,
    case
        when proposal = 'reclaim' and place > seats_left then 'deferred'
        else proposal
    end as decision,
    case
        when proposal = 'reclaim' and place > seats_left then 'rotation_budget'
        else grounds
    end as reason,
    xp_needed as minimum_xp,
    minimum_active_days
from ranked
