"""The page's sections in order: their sources and figures.

Belongs here: what stands where. Does not belong here: any drawing or wording.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.dashboard.figures import applications, engagement, learning, retention, reviews, seats, survey
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
        "survey",
        ("survey_responses",),
        (Figure("survey", survey.survey, "survey"), Figure("ratings", survey.ratings, "survey", only_table=True)),
    ),
    Section("applications", ("applications",), (Figure("applications", applications.applications, "applications"),)),
)
