-- Learning, by day of the program.
select
    activity.member_id as person,
    activity.course,
    cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) as day,
    'activity' as source,
    activity._file_id,
    activity._row
from staging.activity as activity
cross join core.parameters as parameters
where
    activity.member_id is not null
    and cast(timezone(parameters.timezone, timezone('UTC', activity.occurred_at)) as date) <= parameters.as_of
