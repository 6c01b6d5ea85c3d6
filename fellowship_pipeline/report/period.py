"""What a report is about: a term that is over, or the program so far; and the released rows of it.

Belongs here: which periods have a report, cutting a release to one. Does not belong here: any figure or wording.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from fellowship_pipeline.dashboard.scene import CONTRACTS
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.settings import Term
from fellowship_pipeline.release.build import Release

SLICES = ("all", "study_mode")
"""Kinds of slices that a report tells of."""

MOMENTS = ("day", "month", "review_month")
"""Columns by which a table's rows belong to a period."""


@dataclass(frozen=True)
class Period:
    """From ``first`` to ``last``; of a term, or of all there is.

    ``before``: the term before, which it is compared with. ``is_latest``: whether what stands today belongs to it.
    """

    first: date
    last: date
    term: Term | None = None
    before: Term | None = None
    is_latest: bool = True

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1


def periods(release: Release, program: Program) -> list[Period]:
    """Every term that is over, the latest first; where none is, the program so far."""
    over = sorted((term for term in program.terms if term.to <= release.as_of), key=lambda term: term.to)
    found = [
        Period(term.from_, term.to, term, over[at - 1] if at else None, term is over[-1])
        for at, term in enumerate(over)
    ]
    return found[::-1] or [Period(_first(release, program), release.as_of)]


def file_stem(period: Period) -> str:
    """The name of the period's files, without language and ending: of the latest ``report``, else with the term's."""
    if period.is_latest or period.term is None:
        return "report"
    plain = re.sub(r"[^\w.-]+", "-", period.term.id).strip("-.")
    told_apart = "" if plain == period.term.id else "-" + hashlib.sha256(period.term.id.encode()).hexdigest()[:8]
    return f"report-{plain}{told_apart}"


def told_of(release: Release) -> Release:
    """The release without the rows of slices that no report tells of; most rows are of such."""
    return _cut(release, lambda _, frame: frame["slice_by"].isin(SLICES) if "slice_by" in frame else None)


def within(release: Release, period: Period) -> Release:
    """The rows of the period, of tables that have a day or a month, and its surveys; as of its last day."""
    surveys = surveys_of(release, period)
    as_of = pd.Timestamp(release.as_of)
    cut = _cut(release, lambda name, frame: _kept(name, frame, period, surveys, as_of))
    return replace(cut, as_of=min(release.as_of, period.last))


def _cut(release: Release, kept: Callable[[str, pd.DataFrame], pd.Series[bool] | None]) -> Release:
    """The rows of each table that are kept, with what stands for their withheld figures; None keeps all."""
    frames, labels = dict(release.frames), dict(release.labels)
    for name, frame in release.frames.items():
        rows = kept(name, frame)
        if rows is not None:
            frames[name] = frame[rows].reset_index(drop=True)
            labels[name] = release.labels[name][rows].reset_index(drop=True)
    return replace(release, frames=frames, labels=labels)


def _kept(
    name: str, frame: pd.DataFrame, period: Period, surveys: set[str] | None, as_of: pd.Timestamp
) -> pd.Series[bool] | None:
    """Which rows belong to the period; None where all do. As in kpi.terms, months are those that are wholly in it.

    ``as_of``: up to which day the release knows of a month.
    """
    grain = CONTRACTS[name].grain
    moment = next((column for column in MOMENTS if column in grain), None)
    if moment is not None:
        ends = frame[moment]
        if moment == "month":
            month_ends = ends + pd.offsets.MonthEnd(0)
            ends = month_ends.where(month_ends < as_of, as_of)
        return (frame[moment] >= pd.Timestamp(period.first)) & (ends <= pd.Timestamp(period.last))
    if "survey" in grain and surveys is not None:
        return frame["survey"].isin(surveys)
    return None


def surveys_of(release: Release, period: Period) -> set[str] | None:
    """The surveys of the term; None where there are no terms, so that all are."""
    if period.term is None or "term_surveys" not in release.frames:
        return None
    answers, headlines = release.frames["term_surveys"], release.frames["terms"]
    response = headlines[(headlines["term"] == period.term.id) & headlines["kpi"].str.startswith("survey_")]
    return {*answers.loc[answers["term"] == period.term.id, "survey"], *response["subject"].dropna()}


def _first(release: Release, program: Program) -> date:
    """The first day of anything, in what has a day or a month; else that of the first cohort."""
    seen = [day.date() for table, column in _dated(release) for day in [release.frames[table][column].min()]]
    begun = [cohort.starts_on for cohort in program.cohorts if cohort.starts_on and cohort.starts_on <= release.as_of]
    return min([*seen, *begun], default=release.as_of)


def _dated(release: Release) -> Iterator[tuple[str, str]]:
    for name, frame in release.frames.items():
        for column in MOMENTS:
            if column in CONTRACTS[name].grain and not frame.empty:
                yield name, column
