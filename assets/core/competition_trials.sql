-- Places on leaderboards held against the competitions that missions ask for; a share is compared as decimals.
-- Grain: requirement_id × competition × board × as_of × team × member_id.
with requirements as (
    select requirements.*
    from core.mission_requirements as requirements
    inner join core.requirement_kinds as kinds
        on requirements.requirement = kinds.requirement and kinds.found_in = 'competition_trials'
)

select
    requirements.requirement_id,
    places.competition,
    places.board,
    places.as_of,
    places.team,
    places.member_id,
    coalesce(places.rank <= try_cast(requirements.threshold as decimal(18, 10)) * places.teams, true)
    and coalesce(places.team_size >= requirements.team_min, true)
    and coalesce(places.team_size <= requirements.team_max, true) as is_passed
from requirements
inner join core.cohort_members as members on requirements.cohort = members.cohort
inner join core.leaderboard_places as places
    on members.member_id = places.member_id
    and requirements.target = places.category
