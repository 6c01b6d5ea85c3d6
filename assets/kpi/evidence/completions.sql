-- Courses completed, with the tracks that the catalog puts them in.
select
    completions.member_id as person,
    completions.course,
    catalog.track,
    cast(timezone(parameters.timezone, timezone('UTC', completions.completed_at)) as date) as day,
    'completions' as source,
    completions._file_id,
    completions._row
from staging.completions as completions
cross join core.parameters as parameters
left join staging.catalog as catalog on completions.course = catalog.course
where
    completions.member_id is not null
    and cast(timezone(parameters.timezone, timezone('UTC', completions.completed_at)) as date) <= parameters.as_of
