-- Everybody in a cohort, those who left included: a roster row began by as_of.
-- Grain: cohort × member_id.
with parameters as (
    select * from core.parameters
),

periods as (
    select * from core.roster_periods
),

begun as (
    select
        periods.cohort,
        periods.member_id,
        min(periods.starts_on) over (partition by periods.cohort, periods.member_id) as starts_on,
        periods.seeking,
        periods.track,
        row_number() over (
            partition by periods.cohort, periods.member_id order by periods.period_rank desc
        ) as choice
    from periods
    inner join parameters on periods.starts_on <= parameters.as_of
)

select
    cohort,
    member_id,
    starts_on,
    seeking,
    track
from begun
where choice = 1
