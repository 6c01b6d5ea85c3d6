-- Members who hold a seat on as_of: what the next seat review and the next mission still ask of them, and whether their
-- pace of the last 28 days reaches that.
-- Grain: member_id.
with parameters as (
    select
        *,
        date_diff('day', as_of, cast(date_trunc('month', as_of) + interval 1 month as date)) - 1 as days_left
    from core.parameters
),

holders as (
    select distinct member_id from core.seats where member_id is not null and held_before is null
),

measured as (
    select
        holders.member_id,
        coalesce(periods.study_mode, '(none)') as study_mode,
        coalesce(periods.study_group, '(none)') as study_group,
        date_diff('day', paces.last_on, parameters.as_of) as days_since_activity,
        coalesce(paces.month_xp, 0) as xp,
        coalesce(paces.month_days, 0) as active_days,
        coalesce(paces.recent_xp, 0) as recent_xp,
        coalesce(paces.recent_days, 0) as recent_days,
        demands.xp_needed,
        demands.active_days_needed,
        greatest(coalesce(demands.xp_needed - coalesce(paces.month_xp, 0), 0), 0) as xp_missing,
        greatest(coalesce(demands.active_days_needed - coalesce(paces.month_days, 0), 0), 0) as days_missing,
        parameters.days_left,
        missions.mission as next_mission,
        missions.due_at as next_due,
        missions.missing as mission_missing,
        coalesce(missions.is_out_of_reach, false) as is_mission_out_of_reach
    from holders
    cross join parameters
    left join core.member_periods as periods
        on holders.member_id = periods.member_id
        and periods.valid_from <= parameters.as_of
        and periods.valid_to > parameters.as_of
    left join core.paces as paces on holders.member_id = paces.member_id
    left join core.seat_demands as demands on holders.member_id = demands.member_id
    left join core.next_missions as missions on holders.member_id = missions.member_id
)

select
    member_id,
    study_mode,
    study_group,
    days_since_activity,
    xp as xp_month_to_date,
    xp_needed,
    days_left,
    next_mission,
    next_due,
    nullif(
        concat_ws(
            '; ',
            case when xp_missing > 0 then 'xp: ' || printf('%g of %g', cast(xp as double), cast(xp_needed as double)) end,
            case when days_missing > 0 then printf('active days: %d of %d', active_days, active_days_needed) end,
            next_mission || ': ' || mission_missing
        ),
        ''
    ) as missing,
    case
        when
            is_mission_out_of_reach
            or xp_missing * 28 > recent_xp * days_left
            or days_missing * 28 > recent_days * days_left
            then 'high'
        when
            xp_missing > 0
            or days_missing > 0
            or next_mission is not null
            or coalesce(days_since_activity >= 14, true)
            then 'watch'
        else 'none'
    end as risk,
    active_days as active_days_month_to_date,
    active_days_needed
from measured
