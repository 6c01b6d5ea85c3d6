-- Of those who hold a seat on the day, how many learned within the window that ends with it, on a day they held one.
-- A stint is held in one seat and one set of slices. In it, a member is recently active from a day of learning to the
-- end of the window that it opens, or to the next such day; what of a window is left at its end goes to later stints.
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

periods as (
    select * from core.person_periods
),

widths as (
    select
        window_days as active,
        7 as active_7d,
        1 as active_1d,
        greatest(window_days, 7) as widest
    from parameters
),

stints as (
    select
        row_number() over () as stint,
        holdings.member_id,
        greatest(holdings.held_from, periods.valid_from) as starts_on,
        least(holdings.held_before, periods.valid_to) as ends_before,
        dense_rank() over (
            order by periods.cohort, periods.study_mode, periods.study_group, periods.track
        ) as placement,
        periods.cohort,
        periods.study_mode,
        periods.study_group,
        periods.track
    from holdings
    inner join periods
        on holdings.member_id = periods.person
        and holdings.held_from < periods.valid_to
        and holdings.held_before > periods.valid_from
    cross join widths
    where least(holdings.held_before, periods.valid_to) > date '0001-01-01' - cast(widths.widest as integer)
),

placements as (
    select distinct placement, cohort, study_mode, study_group, track from stints
),

slices as (
    select placement, 'all' as slice_by, 'all' as slice from placements
    union all
    select placement, 'cohort' as slice_by, cohort as slice from placements
    union all
    select placement, 'study_mode' as slice_by, study_mode as slice from placements
    union all
    select placement, 'study_group' as slice_by, study_group as slice from placements
    union all
    select placement, 'track' as slice_by, track as slice from placements
),

windows as (
    select 'active' as measure, active as days from widths
    union all
    select 'active_7d' as measure, active_7d as days from widths
    union all
    select 'active_1d' as measure, active_1d as days from widths
),

learning as (
    select activity.*
    from core.activity_days as activity
    cross join widths
    where activity.day > date '0001-01-01' - cast(widths.widest as integer)
),

learned as (
    select
        stints.stint,
        stints.member_id,
        stints.starts_on,
        stints.ends_before,
        stints.placement,
        activity.day,
        date_diff('day', lag(activity.day) over in_turn, activity.day) as days_since,
        date_diff('day', activity.day, lead(activity.day) over in_turn) as days_until
    from learning as activity
    inner join stints
        on activity.member_id = stints.member_id
        and activity.day >= stints.starts_on
        and activity.day < stints.ends_before
    window in_turn as (partition by stints.stint order by activity.day)
),

spans as (
    select
        learned.placement,
        learned.day,
        least(date_diff('day', learned.day, learned.ends_before), widths.widest) as days_left,
        count(*) filter (where coalesce(learned.days_since > widths.active, true)) as active_from,
        count(*) filter (where coalesce(learned.days_until > widths.active, true)) as active_to,
        count(*) filter (where coalesce(learned.days_since > widths.active_7d, true)) as active_7d_from,
        count(*) filter (where coalesce(learned.days_until > widths.active_7d, true)) as active_7d_to,
        count(*) filter (where coalesce(learned.days_since > widths.active_1d, true)) as active_1d_from,
        count(*) filter (where coalesce(learned.days_until > widths.active_1d, true)) as active_1d_to
    from learned
    cross join widths
    group by
        learned.placement,
        learned.day,
        least(date_diff('day', learned.day, learned.ends_before), widths.widest)
),

last_days as (
    select
        member_id,
        ends_before,
        max(day) as day,
        lead(min(day)) over (partition by member_id order by starts_on) as day_after
    from learned
    group by stint, member_id, starts_on, ends_before
),

left_over as (
    select
        windows.measure,
        last_days.member_id,
        last_days.ends_before as valid_from,
        least(
            cast(last_days.day + to_days(cast(windows.days as integer)) as date),
            coalesce(last_days.day_after, date '9999-12-31')
        ) as valid_to
    from last_days
    cross join windows
),

carried as (
    select
        left_over.measure,
        stints.placement,
        stints.starts_on as valid_from,
        least(left_over.valid_to, stints.ends_before) as valid_to
    from left_over
    inner join stints
        on left_over.member_id = stints.member_id
        and left_over.valid_from <= stints.starts_on
        and left_over.valid_to > stints.starts_on
),

turns as (
    select 'holders' as measure, placement, starts_on as day, 1 as turn from stints
    union all
    select 'holders' as measure, placement, ends_before as day, -1 as turn from stints
    union all
    select 'active' as measure, placement, day, active_from as turn from spans
    union all
    select 'active_7d' as measure, placement, day, active_7d_from as turn from spans
    union all
    select 'active_1d' as measure, placement, day, active_1d_from as turn from spans
    union all
    select
        'active' as measure,
        spans.placement,
        cast(spans.day + to_days(cast(least(spans.days_left, widths.active) as integer)) as date) as day,
        -spans.active_to as turn
    from spans
    cross join widths
    union all
    select
        'active_7d' as measure,
        spans.placement,
        cast(spans.day + to_days(cast(least(spans.days_left, widths.active_7d) as integer)) as date) as day,
        -spans.active_7d_to as turn
    from spans
    cross join widths
    union all
    select
        'active_1d' as measure,
        spans.placement,
        cast(spans.day + to_days(cast(least(spans.days_left, widths.active_1d) as integer)) as date) as day,
        -spans.active_1d_to as turn
    from spans
    cross join widths
    union all
    select measure, placement, valid_from as day, 1 as turn from carried
    union all
    select measure, placement, valid_to as day, -1 as turn from carried
),

placed as (
    select
        placement,
        greatest(day, date '0001-01-01') as day,
        sum(case when measure = 'holders' then turn else 0 end) as holders,
        sum(case when measure = 'active' then turn else 0 end) as active,
        sum(case when measure = 'active_1d' then turn else 0 end) as active_1d,
        sum(case when measure = 'active_7d' then turn else 0 end) as active_7d
    from turns
    group by placement, greatest(day, date '0001-01-01')
),

changes as (
    select
        slices.slice_by,
        slices.slice,
        placed.day,
        sum(placed.holders) as holders,
        sum(placed.active) as active,
        sum(placed.active_1d) as active_1d,
        sum(placed.active_7d) as active_7d
    from placed
    inner join slices on placed.placement = slices.placement
    group by slices.slice_by, slices.slice, placed.day
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
    where days.day >= date '0001-01-01'
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
