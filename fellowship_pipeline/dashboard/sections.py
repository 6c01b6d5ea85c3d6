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
class PageFigure:
    """A figure: its name, what makes it, its source line, and whether it follows the reader's selection."""

    key: str
    make: Maker
    source: str
    follows: bool = True
    only_table: bool = False


@dataclass(frozen=True)
class PageSection:
    """A section, left out where none of its sources is configured; of one that is, emptiness is said."""

    key: str
    sources: tuple[str, ...]
    figures: tuple[PageFigure, ...]


SEATS = ("seat_events", "seat_snapshots")

SECTIONS = (
    PageSection(
        "terms",
        (),
        (
            PageFigure("terms", terms.terms, "terms", follows=False),
            PageFigure("term_surveys", terms.answers, "survey", follows=False),
        ),
    ),
    PageSection(
        "seats",
        SEATS,
        (
            PageFigure("adoption", seats.adoption, "seats"),
            PageFigure("seats", seats.held, "seats", follows=False),
            PageFigure("flows", seats.flows, "seats", follows=False),
            PageFigure("reviews", reviews.reviews, "review", follows=False),
            PageFigure("what_if", reviews.what_if, "review", follows=False),
        ),
    ),
    PageSection(
        "engagement",
        SEATS,
        (
            PageFigure("engagement", engagement.engagement, "seats_activity"),
            PageFigure("modes", engagement.modes, "seats_activity"),
        ),
    ),
    PageSection(
        "learning",
        ("activity", "completions"),
        (
            PageFigure("activity", learning.activity, "activity"),
            PageFigure("tracks", learning.tracks, "courses"),
            PageFigure("courses", learning.courses, "courses", follows=False),
        ),
    ),
    PageSection("retention", SEATS, (PageFigure("retention", retention.retention, "seats_activity"),)),
    PageSection(
        "missions",
        ("missions", "competitions"),
        (
            PageFigure("missions", missions.missions, "missions"),
            PageFigure("survival", missions.survival, "missions"),
            PageFigure("competitions", missions.competitions, "competitions"),
        ),
    ),
    PageSection(
        "community",
        ("sessions", "attendance", "support_requests"),
        (
            PageFigure("attendance", community.attendance, "community", follows=False),
            PageFigure("support", community.support, "support", follows=False),
        ),
    ),
    PageSection(
        "survey",
        ("survey_responses",),
        (
            PageFigure("survey", survey.survey, "survey"),
            PageFigure("ratings", survey.ratings, "survey", only_table=True),
        ),
    ),
    PageSection(
        "outcomes",
        ("outcomes",),
        (
            PageFigure("outcomes", outcomes.outcomes, "outcomes"),
            PageFigure("timeline", outcomes.timeline, "outcomes"),
        ),
    ),
    PageSection(
        "applications",
        ("applications",),
        (
            PageFigure("funnel", selection.funnel, "funnel"),
            PageFigure("applications", applications.applications, "applications"),
            PageFigure("channels", selection.channels, "applications"),
        ),
    ),
)
