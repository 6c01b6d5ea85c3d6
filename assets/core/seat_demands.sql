-- What next month's seat review asks of the running month, of those who hold a seat on as_of and are not exempt: the
-- rule that will apply, by the roster row of the month's last day. Of several seats the highest demand counts.
-- Grain: member_id.
with parameters as (
    select
        cast(date_trunc('month', as_of) as date) as first_day,
        cast(date_trunc('month', as_of) + interval 1 month as date) as review_month,
        cast(date_trunc('month', as_of) + interval 1 month - interval 1 day as date) as last_day
    from core.parameters
),

on_leave as (
    select distinct named.member_id
    from core.leaves as leaves
    inner join core.named_members as named on leaves.member = named.name and named.named_by = 'program.yaml'
    cross join parameters
    where
        coalesce(leaves.starts_on <= parameters.last_day, true)
        and coalesce(leaves.ends_on >= parameters.first_day, true)
),

ruled as (
    select
        seats.member_id,
        seats.pool,
        seats.held_from,
        periods.role,
        rules.minimum_xp,
        rules.minimum_active_days,
        rules.first_month,
        parameters.first_day,
        parameters.review_month,
        row_number() over (
            partition by seats.pool, seats.member_id order by rules.valid_from desc, rules.position desc
        ) as choice
    from core.seats as seats
    cross join parameters
    left join core.member_periods as periods
        on seats.member_id = periods.member_id
        and periods.valid_from <= parameters.last_day
        and periods.valid_to > parameters.last_day
    inner join core.review_rules as rules
        on rules.valid_from <= parameters.review_month
        and (rules.study_mode is null or rules.study_mode = coalesce(periods.study_mode, '(none)'))
    where seats.member_id is not null and seats.held_before is null
),

asked as (
    select
        ruled.member_id,
        ruled.minimum_active_days,
        case
            when ruled.first_month = 'prorated' and ruled.held_from > ruled.first_day
                then ceil(
                    ruled.minimum_xp * date_diff('day', ruled.held_from, ruled.review_month)
                    / date_diff('day', ruled.first_day, ruled.review_month)
                )
            else ruled.minimum_xp
        end as minimum_xp
    from ruled
    left join core.exempt_roles as roles on ruled.role = roles.role
    left join on_leave on ruled.member_id = on_leave.member_id
    where
        ruled.choice = 1
        and roles.role is null
        and on_leave.member_id is null
        and not (ruled.first_month = 'exempt' and ruled.held_from >= ruled.first_day)
)

select
    member_id,
    max(minimum_xp) as xp_needed,
    max(minimum_active_days) as active_days_needed
from asked
group by member_id
