-- As behind kpi.missions, of the mission that was due last.
select
    'all' as slice_by,
    'all' as slice,
    units.*
from units_of_missions as units
inner join last_due on units.cohort = last_due.cohort and units.mission = last_due.mission
