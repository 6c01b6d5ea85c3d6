-- Members' places on leaderboards by as_of. A team whose size no file says is as large as the names beside it there.
-- Grain: competition × board × as_of × team × member_id.
with parameters as (
    select * from core.parameters
),

counted as (
    select
        competitions.*,
        count(competitions.member) over (
            partition by
                competitions.competition, competitions.board, competitions.as_of, competitions.team
        ) as names
    from staging.competitions as competitions
    cross join parameters
    where cast(timezone(parameters.timezone, timezone('UTC', competitions.as_of)) as date) <= parameters.as_of
)

select
    competition,
    category,
    board,
    as_of,
    team,
    member_id,
    min("rank") as "rank",
    max(teams) as teams,
    max(coalesce(team_size, names)) as team_size
from counted
where member_id is not null
group by competition, category, board, as_of, team, member_id
