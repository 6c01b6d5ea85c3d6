-- Seats held at the end of a fully covered month, under the rule that applies to the member, with all evidence.
-- Grain: review_month × pool × member_id.
with months as (
    select * from core.review_months where days_missing = 0
),

seats as (
    select * from core.seats where member_id is not null
),

periods as (
    select * from core.member_periods
),

activity as (
    select * from core.activity_days
),

holders as (
    select
        months.review_month,
        months.first_day,
        months.last_day,
        months.is_cumulative,
        seats.member_id,
        seats.pool,
        seats.held_from,
        coalesce(periods.study_mode, '(none)') as study_mode,
        periods.role
    from months
    inner join seats
        on seats.held_from <= months.last_day and coalesce(seats.held_before > months.last_day, true)
    left join periods
        on seats.member_id = periods.member_id
        and periods.valid_from <= months.last_day
        and periods.valid_to > months.last_day
),

ruled as (
    select
        holders.*,
        rules.rule,
        rules.minimum_xp,
        rules.minimum_active_days,
        rules.first_month,
        row_number() over (
            partition by holders.review_month, holders.pool, holders.member_id
            order by rules.valid_from desc, rules.position desc
        ) as choice
    from holders
    inner join core.review_rules as rules
        on rules.valid_from <= holders.review_month
        and (rules.study_mode is null or rules.study_mode = holders.study_mode)
),

on_leave as (
    select distinct months.review_month, named.member_id
    from core.leaves as leaves
    inner join core.named_members as named on leaves.member = named.name and named.named_by = 'program.yaml'
    inner join months
        on coalesce(leaves.starts_on <= months.last_day, true) and coalesce(leaves.ends_on >= months.first_day, true)
),

learned as (
    select
        months.review_month,
        activity.member_id,
        sum(coalesce(activity.xp, 0)) as xp,
        count(*) as active_days
    from months
    inner join activity on activity.day between months.first_day and months.last_day
    group by months.review_month, activity.member_id
),

in_totals as (
    select
        months.review_month,
        totals.member_id
    from months
    inner join raw.totals as totals on totals.first_on <= months.first_day and totals.last_on > months.last_day
    group by months.review_month, totals.member_id
),

latest as (
    select ruled.review_month, ruled.member_id, max(activity.day) as last_activity
    from (select distinct review_month, member_id, last_day from ruled) as ruled
    inner join activity on ruled.member_id = activity.member_id and activity.day <= ruled.last_day
    group by ruled.review_month, ruled.member_id
)

select
    ruled.review_month,
    ruled.member_id,
    ruled.pool,
    ruled.study_mode,
    ruled.rule,
    ruled.held_from as seat_since,
    coalesce(learned.xp, 0) as xp,
    coalesce(learned.active_days, 0) as active_days,
    latest.last_activity,
    case
        when roles.role is not null then 'role:' || ruled.role
        when on_leave.member_id is not null then 'leave'
        when ruled.first_month = 'exempt' and ruled.held_from >= ruled.first_day then 'first_month'
    end as exempt_reason,
    ruled.is_cumulative and in_totals.member_id is null as is_unknown,
    ruled.minimum_xp,
    ruled.minimum_active_days,
    date_diff(
        'day',
        case
            when ruled.first_month = 'prorated' and ruled.held_from >= ruled.first_day then ruled.held_from
            else ruled.first_day
        end,
        ruled.review_month
    ) as days_counted,
    date_diff('day', ruled.first_day, ruled.review_month) as days_in_month
from ruled
left join core.exempt_roles as roles on ruled.role = roles.role
left join on_leave on ruled.review_month = on_leave.review_month and ruled.member_id = on_leave.member_id
left join in_totals on ruled.review_month = in_totals.review_month and ruled.member_id = in_totals.member_id
left join learned on ruled.review_month = learned.review_month and ruled.member_id = learned.member_id
left join latest on ruled.review_month = latest.review_month and ruled.member_id = latest.member_id
where ruled.choice = 1
