-- What became of members: each once per kind, the earliest, in the cohort last joined by then.
-- Grain: cohort × kind.
with outcomes as (
    select * from core.member_outcomes
),

members as (
    select
        cohort,
        count(*) as members
    from core.cohort_members
    group by cohort
),

candidates as (
    select
        graduates.cohort,
        'placement' as kind,
        count(*) as members
    from core.graduates as graduates
    inner join core.configured_sources as sources on sources.source = 'outcomes'
    where graduates.is_candidate
    group by graduates.cohort
),

firsts as (
    select
        cohort,
        kind,
        member_id,
        min(occurred_on) as first_on
    from outcomes
    group by cohort, kind, member_id
),

counted as (
    select
        firsts.cohort,
        firsts.kind,
        count(*) as members,
        percentile_cont(0.5) within group (
            order by cast(date_diff('day', cohorts.ends_on, firsts.first_on) as double)
        ) as median_days_from_completion
    from firsts
    left join core.cohorts as cohorts on firsts.cohort = cohorts.cohort
    group by firsts.cohort, firsts.kind
),

organizations as (
    select
        cohort,
        kind,
        count(distinct organization) as organizations
    from outcomes
    group by cohort, kind
),

based as (
    select
        coalesce(counted.cohort, candidates.cohort) as cohort,
        coalesce(counted.kind, candidates.kind) as kind,
        coalesce(counted.members, 0) as members,
        counted.median_days_from_completion,
        candidates.members as candidates
    from counted
    full join candidates on counted.cohort = candidates.cohort and counted.kind = candidates.kind
)

select
    based.cohort,
    based.kind,
    based.members,
    cast(based.members as double) / nullif(coalesce(based.candidates, members.members), 0) as share,
    based.members as numerator,
    coalesce(based.candidates, members.members) as denominator,
    based.median_days_from_completion,
    coalesce(organizations.organizations, 0) as organizations
from based
left join members on based.cohort = members.cohort
left join organizations on based.cohort = organizations.cohort and based.kind = organizations.kind
