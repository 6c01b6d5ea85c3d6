"""All KPI tables of a case, by plain Python: what the pipeline's tables must equal.

Belongs here: putting the oracle's parts together. Does not belong here: any formula.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from . import (
    oracle_community,
    oracle_learning,
    oracle_meetings,
    oracle_missions,
    oracle_outcomes,
    oracle_people,
    oracle_reviews,
    oracle_risk,
    oracle_seats,
    oracle_selection,
)
from .oracle_community import Community
from .oracle_learning import Learning
from .oracle_meetings import Meetings
from .oracle_missions import Missions
from .oracle_outcomes import Outcomes
from .oracle_reviews import Reviews
from .oracle_scorecard import (
    Counted,
    day_a_month_before,
    headlines,
    later_headlines,
    platform_adoption_score,
    scorecard,
    terms,
)
from .oracle_seats import Seats
from .oracle_selection import Selection
from .oracle_slices import Roster
from .oracle_staging import Case, Row, World

Tables = dict[str, list[Row]]

KEYS: dict[str, tuple[str, ...]] = {
    "kpi.adoption": ("month", "slice_by", "slice"),
    "kpi.engagement": ("day", "slice_by", "slice"),
    "kpi.activity": ("month", "slice_by", "slice"),
    "kpi.seats": ("month", "pool"),
    "ops.seat_reviews": ("review_month", "pool", "member_id"),
    "kpi.review_summary": ("review_month", "rule"),
    "kpi.what_if": ("review_month", "minimum_xp"),
    "kpi.retention": ("start_month", "months_since", "slice_by", "slice"),
    "kpi.courses": ("course", "track"),
    "kpi.tracks": ("track", "slice_by", "slice"),
    "kpi.applications": ("cohort", "stage"),
    "kpi.survey": ("survey", "question", "option", "slice_by", "slice"),
    "kpi.survey_ratings": ("survey", "question", "slice_by", "slice"),
    "kpi.survey_response": ("survey", "slice_by", "slice"),
    "ops.seat_offers": ("pool", "position"),
    "ops.recognition": ("month", "member_id"),
    "ops.open_invitations": ("pool", "value"),
    "ops.at_risk": ("member_id",),
    "core.cohort_members": ("cohort", "member_id"),
    "core.mission_results": ("cohort", "mission", "member_id"),
    "core.session_attendances": ("session", "member_id"),
    "core.graduates": ("cohort", "member_id"),
    "kpi.missions": ("cohort", "mission"),
    "kpi.competitions": ("cohort", "competition", "category", "board"),
    "kpi.outcomes": ("cohort", "kind"),
    "kpi.outcome_timeline": ("cohort", "kind", "months_since"),
    "kpi.funnel": ("cohort", "stage"),
    "kpi.application_channels": ("cohort", "role", "channel"),
    "kpi.community": ("month", "kind"),
    "kpi.support": ("month", "channel", "topic"),
    "kpi.scorecard": ("kpi",),
    "kpi.terms": ("term", "kpi"),
}
"""What identifies a row of each table that is compared."""

HEADLINES = ("kpi.scorecard", "kpi.terms")
"""Tables that need other days too; of them rows of the whole program that have a value are compared."""


def evaluate(case: Case, *, with_headlines: bool = False) -> Tables:
    """Every table by its name; those of headlines where asked for."""
    world = World(case)
    tables, now = _tables(world)
    if with_headlines:
        tables["kpi.scorecard"] = scorecard(world, now, _headlines_on(case, day_a_month_before(world.as_of)))
        tables["kpi.terms"] = terms(world, lambda since, day: _headlines_on(case, day, since))
    return tables


def _headlines_on(case: Case, day: date, since: date | None = None) -> dict[str, Counted]:
    return _tables(World(replace(case, as_of=day, since=since)))[1]


def _tables(world: World) -> tuple[Tables, dict[str, Counted]]:
    roster = Roster(world)
    seats = Seats(world, roster)
    learning = Learning(world)
    reviews = Reviews(seats, learning)
    surveys = oracle_people.surveys(world, roster)
    meetings = Meetings(world)
    missions = Missions(roster, learning, meetings)
    outcomes = Outcomes(world, missions)
    selection = Selection(world, missions)
    community = Community(world, roster, meetings)
    tables = {
        "kpi.adoption": oracle_seats.adoption(seats, learning.days),
        "kpi.engagement": oracle_learning.engagement(seats, learning),
        "kpi.activity": oracle_learning.activity(roster, learning),
        "kpi.seats": oracle_seats.seats_by_month(seats),
        "ops.seat_reviews": oracle_reviews.seat_reviews(reviews),
        "kpi.review_summary": oracle_reviews.review_summary(reviews),
        "kpi.what_if": oracle_reviews.what_if(reviews),
        "kpi.retention": oracle_learning.retention(seats, learning),
        "kpi.courses": oracle_learning.courses(learning),
        "kpi.tracks": oracle_learning.tracks(roster, learning),
        "kpi.applications": oracle_people.applications(world),
        "kpi.survey": oracle_people.survey_options(surveys),
        "kpi.survey_ratings": oracle_people.survey_ratings(surveys),
        "kpi.survey_response": oracle_people.survey_response(surveys),
        "ops.seat_offers": oracle_reviews.seat_offers(world, seats, reviews),
        "ops.recognition": oracle_learning.recognition(learning),
        "ops.open_invitations": oracle_seats.open_invitations(seats),
        "ops.at_risk": oracle_risk.at_risk(reviews, missions),
        "core.cohort_members": oracle_missions.cohort_members(roster),
        "core.mission_results": oracle_missions.mission_results(missions),
        "core.session_attendances": oracle_meetings.session_attendances(meetings),
        "core.graduates": oracle_outcomes.graduates(missions),
        "kpi.missions": oracle_missions.missions_by_cohort(missions),
        "kpi.competitions": oracle_missions.competitions(missions),
        "kpi.outcomes": oracle_outcomes.outcomes(outcomes),
        "kpi.outcome_timeline": oracle_outcomes.outcome_timeline(outcomes),
        "kpi.funnel": oracle_selection.funnel(selection),
        "kpi.application_channels": oracle_selection.application_channels(selection),
        "kpi.community": oracle_community.community(community),
        "kpi.support": oracle_community.support(community),
    }
    last_responses = {survey.name: survey.last_response for survey in surveys}
    now = {
        **headlines(world, tables, last_responses),
        **platform_adoption_score(seats, learning, tables),
        **later_headlines(missions, outcomes, community),
    }
    return tables, now
