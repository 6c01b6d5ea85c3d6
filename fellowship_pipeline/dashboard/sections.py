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
    """A figure: its name, what makes it, its source line, and whether it follows the reader's selection.

    ``broad``: it takes a row for itself; others stand side by side.
    """

    key: str
    make: Maker
    source: str
    follows: bool = True
    broad: bool = False


@dataclass(frozen=True)
class PageSection:
    """A section, left out where none of its sources is configured; of one that is, emptiness is said.

    ``waits``: whether it is of cohorts that have ended only.
    """

    key: str
    sources: tuple[str, ...]
    figures: tuple[PageFigure, ...]
    waits: bool = False


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
            PageFigure("adoption", seats.adoption, "seats", broad=True),
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
            PageFigure("activity", learning.activity, "activity", broad=True),
            PageFigure("tracks", learning.tracks, "courses"),
            PageFigure("courses", learning.courses, "courses", follows=False),
        ),
    ),
    PageSection("retention", SEATS, (PageFigure("retention", retention.retention, "seats_activity", broad=True),)),
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
            PageFigure("ratings", survey.ratings, "survey"),
        ),
        waits=True,
    ),
    PageSection(
        "outcomes",
        ("outcomes",),
        (
            PageFigure("outcomes", outcomes.outcomes, "outcomes"),
            PageFigure("timeline", outcomes.timeline, "outcomes"),
        ),
        waits=True,
    ),
    PageSection(
        "applications",
        ("applications",),
        (
            PageFigure("funnel", selection.funnel, "funnel"),
            PageFigure("applications", applications.applications, "applications"),
            PageFigure("channels", selection.channels, "applications"),
        ),
        waits=True,
    ),
)
