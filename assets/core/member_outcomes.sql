-- Outcomes by as_of in the cohort last joined as a learner by then; of graduates who look for a job those that place
-- them stand once more, as kind placement.
-- Grain: cohort × kind × member_id × occurred_on × organization.
with parameters as (
    select * from core.parameters
),

outcomes as (
    select distinct
        outcomes.member_id,
        outcomes.kind,
        outcomes.occurred_on,
        outcomes.organization
    from staging.outcomes as outcomes
    inner join parameters on outcomes.occurred_on <= parameters.as_of
    where outcomes.member_id is not null and outcomes.kind <> 'placement'
),

joined as (
    select
        days.member_id,
        days.occurred_on,
        max_by(periods.cohort, periods.period_rank) as cohort
    from (select distinct member_id, occurred_on from outcomes) as days
    inner join core.learner_periods as periods
        on days.member_id = periods.member_id and periods.starts_on <= days.occurred_on
    group by days.member_id, days.occurred_on
),

located as (
    select
        coalesce(joined.cohort, '(none)') as cohort,
        outcomes.kind,
        outcomes.member_id,
        outcomes.occurred_on,
        outcomes.organization
    from outcomes
    left join joined on outcomes.member_id = joined.member_id and outcomes.occurred_on = joined.occurred_on
)

select cohort, kind, member_id, occurred_on, organization from located
union
select located.cohort, 'placement' as kind, located.member_id, located.occurred_on, located.organization
from located
inner join core.outcome_kinds as kinds on located.kind = kinds.kind and kinds.is_placement
inner join core.graduates as graduates
    on located.cohort = graduates.cohort and located.member_id = graduates.member_id and graduates.is_candidate
