-- Of those who hold a seat on the day, how many learned within the window that ends with it, on a day they held one.
-- Spans, not days: a member is recently active from a day of learning to the end of the window that it opens.
-- Grain: day × slice_by × slice.
with parameters as (
    select * from core.parameters
),

holdings as (
    select
        member_id,
        held_from,
        coalesce(held_before, date '9999-12-31') as held_before
    from core.holdings
),

learned as (
    select
        activity.member_id,
        activity.day
    from core.activity_days as activity
    inner join holdings
        on activity.member_id = holdings.member_id
        and activity.day >= holdings.held_from
        and activity.day < holdings.held_before
),

windows as (
    select 'active' as measure, window_days as days from parameters
    union all
    select 'active_7d' as measure, 7 as days
    union all
    select 'active_1d' as measure, 1 as days
),

marked as (
    select
        windows.measure,
        windows.days,
        learned.member_id,
        learned.day,
        lag(learned.day) over (partition by windows.measure, learned.member_id order by learned.day) as day_before
    from learned
    cross join windows
),

numbered as (
    select
        *,
        sum(case when day_before is null or date_diff('day', day_before, day) > days then 1 else 0 end) over (
            partition by measure, member_id order by day rows between unbounded preceding and current row
        ) as island
    from marked
),

recent as (
    select
        measure,
        member_id,
        min(day) as valid_from,
        cast(max(day) + to_days(cast(max(days) as integer)) as date) as valid_to
    from numbered
    group by measure, member_id, island
),

spans as (
    select
        'holders' as measure,
        member_id,
        held_from as valid_from,
        held_before as valid_to
    from holdings
    union all
    select
        recent.measure,
        recent.member_id,
        greatest(recent.valid_from, holdings.held_from) as valid_from,
        least(recent.valid_to, holdings.held_before) as valid_to
    from recent
    inner join holdings
        on recent.member_id = holdings.member_id
        and recent.valid_from < holdings.held_before
        and recent.valid_to > holdings.held_from
),

sliced as (
    select
        spans.measure,
        slices.slice_by,
        slices.slice,
        greatest(spans.valid_from, slices.valid_from) as valid_from,
        least(spans.valid_to, slices.valid_to) as valid_to
    from spans
    inner join core.person_slices as slices
        on spans.member_id = slices.person
        and spans.valid_from < slices.valid_to
        and spans.valid_to > slices.valid_from
),

turns as (
    select measure, slice_by, slice, valid_from as day, 1 as turn from sliced
    union all
    select measure, slice_by, slice, valid_to as day, -1 as turn from sliced
),

changes as (
    select
        slice_by,
        slice,
        day,
        sum(case when measure = 'holders' then turn else 0 end) as holders,
        sum(case when measure = 'active' then turn else 0 end) as active,
        sum(case when measure = 'active_1d' then turn else 0 end) as active_1d,
        sum(case when measure = 'active_7d' then turn else 0 end) as active_7d
    from turns
    group by slice_by, slice, day
),

days as (
    select
        cast(unnest(generate_series(
            (select min(held_from) from core.seats where member_id is not null),
            parameters.as_of,
            interval 1 day
        )) as date) as day
    from parameters
),

groups as (
    select distinct slice_by, slice from changes
    union
    select 'all' as slice_by, 'all' as slice
),

running as (
    select
        days.day,
        groups.slice_by,
        groups.slice,
        sum(coalesce(changes.holders, 0)) over so_far as holders,
        sum(coalesce(changes.active, 0)) over so_far as active,
        sum(coalesce(changes.active_1d, 0)) over so_far as active_1d,
        sum(coalesce(changes.active_7d, 0)) over so_far as active_7d
    from days
    cross join groups
    left join changes
        on days.day = changes.day and groups.slice_by = changes.slice_by and groups.slice = changes.slice
    window so_far as (
        partition by groups.slice_by, groups.slice order by days.day
        rows between unbounded preceding and current row
    )
)

select
    day,
    slice_by,
    slice,
    holders,
    active,
    cast(active as double) / nullif(holders, 0) as engagement_rate,
    active_1d,
    active_7d,
    cast(active_1d as double) / nullif(active, 0) as stickiness
from running
where slice_by = 'all' or holders > 0
