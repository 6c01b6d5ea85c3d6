-- All recorded learning of the month, seat or not, in the slices of the month's last day (or as_of).
-- Grain: month × slice_by × slice.
with parameters as (
    select * from core.parameters
),

ended as (
    select
        months.*,
        least(cast(last_day(months.month) as date), parameters.as_of) as month_end
    from core.member_months as months
    cross join parameters
    where months.month >= date '0001-01-01'
),

counted as (
    select
        ended.month,
        case
            when grouping(periods.cohort) = 0 then 'cohort'
            when grouping(periods.study_mode) = 0 then 'study_mode'
            when grouping(periods.study_group) = 0 then 'study_group'
            when grouping(periods.track) = 0 then 'track'
            else 'all'
        end as slice_by,
        coalesce(periods.cohort, periods.study_mode, periods.study_group, periods.track, 'all') as slice,
        count(case when ended.active_days > 0 then 1 end) as learners,
        sum(ended.active_days) as active_days,
        sum(coalesce(ended.xp, 0)) as xp,
        sum(coalesce(ended.minutes, 0)) as minutes,
        percentile_cont(0.5) within group (order by cast(ended.xp as double)) as median_xp,
        percentile_cont(0.9) within group (order by cast(ended.xp as double)) as p90_xp,
        sum(ended.completions) as completions
    from ended
    inner join core.person_periods as periods
        on ended.member_id = periods.person
        and periods.valid_from <= ended.month_end
        and periods.valid_to > ended.month_end
    group by grouping sets (
        (ended.month), (ended.month, periods.cohort), (ended.month, periods.study_mode), (ended.month, periods.study_group), (ended.month, periods.track)
    )
)

select
    counted.month,
    counted.slice_by,
    counted.slice,
    counted.learners,
    counted.active_days,
    case when measured.has_xp then cast(counted.xp as double) end as xp,
    case when measured.has_minutes then cast(counted.minutes as double) end as minutes,
    case when measured.has_xp then counted.median_xp end as median_xp,
    case when measured.has_xp then counted.p90_xp end as p90_xp,
    counted.completions
from counted
cross join core.measured as measured
