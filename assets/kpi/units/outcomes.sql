-- Members of the cohort, of placement those who completed it and look for a job, with their earliest outcome of the kind.
with bases as (
    select based.cohort, based.kind, graduates.member_id
    from based
    inner join core.graduates as graduates on based.cohort = graduates.cohort
    where based.candidates is not null and graduates.is_candidate
    union all
    select based.cohort, based.kind, members.member_id
    from based
    inner join core.cohort_members as members on based.cohort = members.cohort
    where based.candidates is null
)

select
    coalesce(bases.cohort, firsts.cohort) as cohort,
    coalesce(bases.kind, firsts.kind) as kind,
    coalesce(bases.member_id, firsts.member_id) as person,
    firsts.first_on,
    firsts.member_id is not null as members,
    bases.member_id is not null as denominator
from bases
full join firsts
    on bases.cohort = firsts.cohort and bases.kind = firsts.kind and bases.member_id = firsts.member_id
