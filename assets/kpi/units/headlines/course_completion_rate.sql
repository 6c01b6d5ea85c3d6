-- As behind kpi.courses, each course once, those left out of which hardly any start is known.
select distinct
    'all' as slice_by,
    'all' as slice,
    units.course,
    units.person,
    units.started_on,
    units.completed_on,
    units.started,
    units.completed
from units_of_courses as units
inner join core.configured_sources as sources on sources.source = 'completions'
where units.started is not null
