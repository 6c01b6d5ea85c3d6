-- Which roster row speaks for a member on which days: the one in force; else the next to begin; else the last that ended.
-- Grain: member_id × valid_from.
with periods as (
    select * from core.roster_periods
),

bounds as (
    select member_id, date '0001-01-01' as valid_from from periods
    union
    select member_id, starts_on as valid_from from periods
    union
    select member_id, ends_before as valid_from from periods where ends_before < date '9999-12-31'
),

spans as (
    select
        member_id,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by member_id order by valid_from), date '9999-12-31'
        ) as valid_to
    from bounds
),

candidates as (
    select
        spans.member_id,
        spans.valid_from,
        spans.valid_to,
        periods.cohort,
        periods.study_mode,
        periods.study_group,
        periods.track,
        periods.role,
        periods.starts_on,
        periods.ends_before,
        periods.period_rank,
        case
            when periods.starts_on <= spans.valid_from and periods.ends_before > spans.valid_from then 0
            when periods.starts_on > spans.valid_from then 1
            else 2
        end as standing
    from spans
    inner join periods on spans.member_id = periods.member_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by member_id, valid_from
            order by
                standing,
                case when standing = 1 then starts_on end,
                case when standing = 2 then ends_before end desc,
                period_rank desc
        ) as choice
    from candidates
)

select
    member_id,
    valid_from,
    valid_to,
    cohort,
    coalesce(study_mode, '(none)') as study_mode,
    coalesce(study_group, '(none)') as study_group,
    coalesce(track, '(none)') as track,
    role
from ranked
where choice = 1
