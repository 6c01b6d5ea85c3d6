-- A cohort's teams on the latest board of each kind by as_of: how high they stand, and whose place a mission accepts.
-- Of several places of a team at one time the best is the team's.
-- Grain: cohort × competition × category × board.
with places as (
    select * from core.leaderboard_places
),

accepted as (
    select distinct
        requirements.cohort,
        trials.competition,
        trials.board,
        trials.as_of,
        trials.team,
        trials.member_id
    from core.competition_trials as trials
    inner join core.mission_requirements as requirements on trials.requirement_id = requirements.requirement_id
    where trials.is_passed
),

latest as (
    select
        members.cohort,
        members.member_id,
        places.competition,
        places.category,
        places.board,
        places.as_of,
        places.team,
        cast(places.rank as double) / places.teams as rank_share,
        row_number() over (
            partition by members.cohort, members.member_id, places.competition, places.category, places.board
            order by places.as_of desc, places.rank, places.team
        ) as choice
    from core.cohort_members as members
    inner join places on members.member_id = places.member_id
),

by_member as (
    select
        latest.*,
        accepted.member_id is not null as is_passing,
        row_number() over (
            partition by latest.cohort, latest.competition, latest.category, latest.board, latest.team
            order by latest.as_of desc, latest.rank_share, latest.member_id
        ) as place_of_team
    from latest
    left join accepted
        on latest.cohort = accepted.cohort
        and latest.competition = accepted.competition
        and latest.board is not distinct from accepted.board
        and latest.as_of = accepted.as_of
        and latest.team = accepted.team
        and latest.member_id = accepted.member_id
    where latest.choice = 1
)

select
    cohort,
    competition,
    category,
    board,
    count(distinct team) as teams,
    count(*) as members,
    count(case when is_passing then 1 end) as passing,
    min(case when place_of_team = 1 then rank_share end) as best_share,
    percentile_cont(0.5) within group (order by case when place_of_team = 1 then rank_share end) as median_share
from by_member
group by cohort, competition, category, board
