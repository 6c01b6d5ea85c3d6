"""All KPI tables of a case, by plain Python: what the pipeline's tables must equal.

Belongs here: putting the oracle's parts together. Does not belong here: any formula.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from . import oracle_learning, oracle_people, oracle_reviews, oracle_seats
from .oracle_learning import Learning
from .oracle_reviews import Reviews
from .oracle_scorecard import day_a_month_before, headlines, scorecard
from .oracle_seats import Seats
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
}
"""What identifies a row of each table that is compared."""


SCORECARD = "kpi.scorecard"


def evaluate(case: Case, *, with_scorecard: bool = False) -> Tables:
    """Every table by its name; the scorecard where asked for, since it needs the month before too."""
    world = World(case)
    tables, last_responses = _tables(world)
    if with_scorecard:
        earlier = World(replace(case, as_of=day_a_month_before(world.as_of)))
        now = headlines(world, tables, last_responses)
        tables[SCORECARD] = scorecard(world, now, headlines(earlier, *_tables(earlier)))
    return tables


def _tables(world: World) -> tuple[Tables, dict[str, datetime]]:
    roster = Roster(world)
    seats = Seats(world, roster)
    learning = Learning(world)
    reviews = Reviews(seats, learning)
    surveys = oracle_people.surveys(world, roster)
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
    }
    return tables, {survey.name: survey.last_response for survey in surveys}
