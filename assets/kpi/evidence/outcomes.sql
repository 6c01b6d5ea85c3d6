-- What became of members; a placement is what it is made of.
with kinds as (
    select kind, kind as counted_as from core.outcome_kinds
    union
    select kind, kind as counted_as from staging.outcomes
    union
    select kind, 'placement' as counted_as from core.outcome_kinds where is_placement
)

select
    outcomes.member_id as person,
    kinds.counted_as as kind,
    outcomes.occurred_on as day,
    'outcomes' as source,
    outcomes._file_id,
    outcomes._row
from staging.outcomes as outcomes
inner join kinds on outcomes.kind = kinds.kind
inner join core.parameters as parameters on outcomes.occurred_on <= parameters.as_of
where outcomes.member_id is not null
