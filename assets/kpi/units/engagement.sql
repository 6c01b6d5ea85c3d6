-- Members who hold a seat on the day, with the last day up to then on which they learned while they held one.
with learned as (
    select
        holdings.member_id,
        activity.day
    from core.activity_days as activity
    inner join holdings
        on activity.member_id = holdings.member_id
        and activity.day >= holdings.held_from
        and activity.day < holdings.held_before
),

holders as (
    select
        days.day,
        holdings.member_id,
        holdings.held_from
    from days
    inner join holdings on holdings.held_from <= days.day and holdings.held_before > days.day
),

latest as (
    select
        holders.*,
        learned.day as last_activity
    from holders
    asof left join learned on holders.member_id = learned.member_id and holders.day >= learned.day
)

select
    latest.day,
    slices.slice_by,
    slices.slice,
    latest.member_id as person,
    latest.held_from,
    latest.last_activity,
    true as holders,
    coalesce(date_diff('day', latest.last_activity, latest.day) < widths.active, false) as active,
    coalesce(date_diff('day', latest.last_activity, latest.day) < widths.active_1d, false) as active_1d,
    coalesce(date_diff('day', latest.last_activity, latest.day) < widths.active_7d, false) as active_7d
from latest
cross join widths
inner join core.person_slices as slices
    on latest.member_id = slices.person and slices.valid_from <= latest.day and slices.valid_to > latest.day
