-- How outcomes add up in the calendar months after a cohort's last day; month 0 has all until its end, earlier ones too.
-- Grain: cohort × kind × months_since.
with parameters as (
    select * from core.parameters
),

months as (
    select
        outcomes.cohort,
        outcomes.kind,
        outcomes.denominator,
        cast(date_trunc('month', cohorts.ends_on) as date) as first_month,
        cast(unnest(generate_series(
            date_trunc('month', cohorts.ends_on), date_trunc('month', parameters.as_of), interval 1 month
        )) as date) as month
    from kpi.outcomes as outcomes
    inner join core.cohorts as cohorts on outcomes.cohort = cohorts.cohort
    inner join parameters on cohorts.ends_on <= parameters.as_of
),

firsts as (
    select
        cohort,
        kind,
        member_id,
        cast(date_trunc('month', min(occurred_on)) as date) as first_month
    from core.member_outcomes
    group by cohort, kind, member_id
),

counted as (
    select
        months.cohort,
        months.kind,
        date_diff('month', months.first_month, months.month) as months_since,
        months.denominator,
        count(firsts.member_id) as cumulative_members
    from months
    left join firsts
        on months.cohort = firsts.cohort and months.kind = firsts.kind and firsts.first_month <= months.month
    group by months.cohort, months.kind, months.first_month, months.month, months.denominator
)

select
    cohort,
    kind,
    months_since,
    cumulative_members,
    denominator,
    cast(cumulative_members as double) / nullif(denominator, 0) as cumulative_share
from counted
