-- Members of the cohort on the latest board; a team's place counts once.
select
    cohort,
    competition,
    category,
    board,
    member_id as person,
    team,
    as_of,
    is_passing,
    case when place_of_team = 1 then rank_share end as rank_share
from by_member
