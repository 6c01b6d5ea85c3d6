-- Applicants by role and channel: who was accepted, how long a decision took, who waits too long for one.
-- Grain: cohort × role × channel.
with applicants as (
    select * from core.applicants
),

counted as (
    select
        cohort,
        role,
        channel,
        count(*) as applicants,
        count(case when is_accepted then 1 end) as accepted,
        percentile_cont(0.5) within group (
            order by case
                when result <> 'pending' and applied_on <= decided_on
                    then cast(date_diff('day', applied_on, decided_on) as double)
            end
        ) as median_days_to_decision,
        count(case when is_unanswered then 1 end) as unanswered
    from applicants
    group by cohort, role, channel
)

select
    cohort,
    role,
    channel,
    applicants,
    accepted,
    cast(accepted as double) / nullif(applicants, 0) as acceptance_rate,
    median_days_to_decision,
    unanswered
from counted
