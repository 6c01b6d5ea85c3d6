-- As behind kpi.community, members whom any kind with a session in the month expects, and whether they came to one of
-- those.
select
    'all' as slice_by,
    'all' as slice,
    units.month,
    units.person,
    true as members,
    bool_or(units.expected_attended) as attended
from units_of_community as units
inner join kpi.community as kinds
    on units.month = kinds.month and units.kind = kinds.kind and kinds.sessions > 0
group by units.month, units.person
