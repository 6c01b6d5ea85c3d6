-- Learners of a cohort, those who left included: a roster row began by as_of.
-- Grain: cohort × member_id.
with periods as (
    select * from core.learner_periods
),

ranked as (
    select
        cohort,
        member_id,
        min(starts_on) over (partition by cohort, member_id) as starts_on,
        seeking,
        track,
        row_number() over (partition by cohort, member_id order by period_rank desc) as choice
    from periods
)

select
    cohort,
    member_id,
    starts_on,
    seeking,
    track
from ranked
where choice = 1
