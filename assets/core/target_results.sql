-- When members completed the courses and items, reached the shares and earned the certificates that missions name, by
-- as_of; a certificate is earned at the first moment of its day.
-- Grain: requirement_id × target × member_id.
with parameters as (
    select * from core.parameters
),

named as (
    select
        requirements.requirement_id,
        requirements.threshold,
        kinds.evidence,
        targets.target,
        members.member_id
    from core.mission_requirements as requirements
    inner join core.requirement_kinds as kinds
        on requirements.requirement = kinds.requirement and kinds.found_in = 'target_results'
    inner join core.requirement_targets as targets on requirements.requirement_id = targets.requirement_id
    inner join core.cohort_members as members on requirements.cohort = members.cohort
),

activity as (
    select
        activity.member_id,
        activity.course,
        activity.course || '/' || activity.item as item,
        activity.occurred_at,
        try_cast(activity.progress as decimal(28, 10)) as progress,
        kinds.kind is not null as is_complete
    from staging.activity as activity
    cross join parameters
    inner join (select distinct member_id from named where evidence in ('items', 'progress')) as learners
        on activity.member_id = learners.member_id
    left join core.completing_kinds as kinds on lower(activity.kind) = kinds.kind
    where
        (kinds.kind is not null or activity.progress is not null)
        and cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) <= parameters.as_of
),

certified as (
    select
        named.requirement_id,
        named.target,
        named.member_id,
        min(certifications.issued_on) as issued_on
    from named
    cross join parameters
    inner join staging.certifications as certifications
        on named.member_id = certifications.member_id
        and named.target = certifications.certification
        and certifications.issued_on <= parameters.as_of
    where named.evidence = 'certifications'
    group by named.requirement_id, named.target, named.member_id
)

select
    named.requirement_id,
    named.target,
    named.member_id,
    completions.completed_at as met_at
from named
inner join core.first_completions as completions
    on named.member_id = completions.member_id and named.target = completions.course
where named.evidence = 'completions'
union all
select
    named.requirement_id,
    named.target,
    named.member_id,
    min(activity.occurred_at) as met_at
from named
inner join activity on named.member_id = activity.member_id and named.target = activity.item
where named.evidence = 'items' and activity.is_complete
group by named.requirement_id, named.target, named.member_id
union all
select
    named.requirement_id,
    named.target,
    named.member_id,
    min(activity.occurred_at) as met_at
from named
inner join activity on named.member_id = activity.member_id and named.target = activity.course
where named.evidence = 'progress' and activity.progress >= named.threshold
group by named.requirement_id, named.target, named.member_id
union all
select
    certified.requirement_id,
    certified.target,
    certified.member_id,
    timezone('UTC', timezone(parameters.timezone, cast(certified.issued_on as timestamp))) as met_at
from certified
cross join parameters
