-- As behind kpi.outcomes, placement of the cohorts that have ended.
select
    'all' as slice_by,
    'all' as slice,
    units.*
from units_of_outcomes as units
inner join core.cohorts as cohorts on units.cohort = cohorts.cohort
inner join parameters
    on cohorts.ends_on between coalesce(parameters.since, date '-infinity') and parameters.as_of
where units.kind = 'placement'
