-- Places on leaderboards.
select
    member_id as person,
    competition,
    board,
    as_of,
    team,
    cast(as_of as date) as day,
    'competitions' as source,
    _file_id,
    _row
from staging.competitions
where member_id is not null
