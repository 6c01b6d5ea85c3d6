"""The page's sections in order: their sources and figures.

Belongs here: what stands where. Does not belong here: any drawing or wording.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.dashboard.figures import (
    applications,
    community,
    engagement,
    learning,
    missions,
    outcomes,
    retention,
    reviews,
    seats,
    selection,
    survey,
    terms,
)
from fellowship_pipeline.dashboard.view import Maker


@dataclass(frozen=True)
class Figure:
    """A figure: its name, what makes it, its source line, and whether it follows the reader's selection."""

    key: str
    make: Maker
    source: str
    follows: bool = True
    only_table: bool = False


@dataclass(frozen=True)
class Section:
    """A section, left out where none of its sources is configured; of one that is, emptiness is said."""

    key: str
    sources: tuple[str, ...]
    figures: tuple[Figure, ...]


SEATS = ("seat_events", "seat_snapshots")

SECTIONS = (
    Section(
        "terms",
        (),
        (
            Figure("terms", terms.terms, "terms", follows=False),
            Figure("term_surveys", terms.answers, "survey", follows=False),
        ),
    ),
    Section(
        "seats",
        SEATS,
        (
            Figure("adoption", seats.adoption, "seats"),
            Figure("seats", seats.held, "seats", follows=False),
            Figure("flows", seats.flows, "seats", follows=False),
            Figure("reviews", reviews.reviews, "review", follows=False),
            Figure("what_if", reviews.what_if, "review", follows=False),
        ),
    ),
    Section(
        "engagement",
        SEATS,
        (
            Figure("engagement", engagement.engagement, "seats_activity"),
            Figure("modes", engagement.modes, "seats_activity"),
        ),
    ),
    Section(
        "learning",
        ("activity", "completions"),
        (
            Figure("activity", learning.activity, "activity"),
            Figure("tracks", learning.tracks, "courses"),
            Figure("courses", learning.courses, "courses", follows=False),
        ),
    ),
    Section("retention", SEATS, (Figure("retention", retention.retention, "seats_activity"),)),
    Section(
        "missions",
        ("missions", "competitions"),
        (
            Figure("missions", missions.missions, "missions"),
            Figure("survival", missions.survival, "missions"),
            Figure("competitions", missions.competitions, "competitions"),
        ),
    ),
    Section(
        "community",
        ("sessions", "attendance", "support_requests"),
        (
            Figure("attendance", community.attendance, "community", follows=False),
            Figure("support", community.support, "support", follows=False),
        ),
    ),
    Section(
        "survey",
        ("survey_responses",),
        (Figure("survey", survey.survey, "survey"), Figure("ratings", survey.ratings, "survey", only_table=True)),
    ),
    Section(
        "outcomes",
        ("outcomes",),
        (
            Figure("outcomes", outcomes.outcomes, "outcomes"),
            Figure("timeline", outcomes.timeline, "outcomes"),
        ),
    ),
    Section(
        "applications",
        ("applications",),
        (
            Figure("funnel", selection.funnel, "funnel"),
            Figure("applications", applications.applications, "applications"),
            Figure("channels", selection.channels, "applications"),
        ),
    ),
)
