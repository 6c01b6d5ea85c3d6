"""Data quality as outsiders see it: days covered by source, and what failed; the operators' pages have the rest.

Belongs here: how the page's own context reads. Does not belong here: any KPI.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fellowship_pipeline.dashboard.context import CheckResult, SourceCoverage
from fellowship_pipeline.dashboard.scene import Scene
from fellowship_pipeline.dashboard.view import Cell, Field, TableView
from fellowship_pipeline.dashboard.words import DASH, Voice

STATES = {"complete": "met", "gaps": "near", "failed": "held", "empty": "none"}


@dataclass(frozen=True)
class Stretch:
    """A run of covered days as a share of the axis."""

    left: str
    width: str


@dataclass(frozen=True)
class SourceLine:
    """One source: its days on the axis, and its words by language under ``quality.<source>``."""

    source: str
    state: str
    stretches: tuple[Stretch, ...]


def axis(scene: Scene) -> tuple[date, date]:
    """From the first day any source vouches for to ``as_of``."""
    days = [source.first_day for source in scene.page.coverage if source.first_day is not None]
    return min([*days, scene.as_of]), scene.as_of


def stretches(source: SourceCoverage, first: date, last: date) -> tuple[Stretch, ...]:
    """The covered runs of days between the source's first and last day."""
    if source.first_day is None or source.last_day is None:
        return ()
    total = (last - first).days + 1
    runs, start = [], source.first_day
    for gap_start, gap_end in sorted(source.gaps):
        runs.append((start, gap_start - timedelta(days=1)))
        start = gap_end + timedelta(days=1)
    runs.append((start, source.last_day))
    return tuple(
        Stretch(
            f"{max((begin - first).days, 0) / total * 100:.2f}%",
            f"{min(((min(end, last) - max(begin, first)).days + 1) / total * 100, 100):.2f}%",
        )
        for begin, end in runs
        if end >= begin and end >= first and begin <= last
    )


def lines(scene: Scene) -> list[SourceLine]:
    """One line a configured source of which something is missing; the table has all."""
    first, last = axis(scene)
    found = [
        SourceLine(source.source, STATES[source.state], stretches(source, first, last))
        for source in scene.page.coverage
    ]
    return [line for line in found if line.state != STATES["complete"]]


def missing(source: SourceCoverage) -> int:
    """Days expected and not covered."""
    return max((source.days_expected or 0) - (source.days_covered or 0), 0)


def texts(scene: Scene, words: Voice) -> dict[str, str]:
    """Everything the section and the page's head say about the data, by key."""
    page = scene.page
    first, last = axis(scene)
    said = {
        "quality.title": title(scene, words),
        "quality.subtitle": words(
            "quality.subtitle" if lines(scene) else "quality.subtitle_complete", day=words.day(scene.as_of)
        ),
        "quality.first": words.month_short(first),
        "quality.last": words.month_short(last),
        "quality.run": words("quality.run", run=page.run_id),
    }
    for source in page.coverage:
        said |= _line(source, words)
    for at, check in enumerate(failures(scene)):
        said[f"quality.check.{at}.words"] = check.words if isinstance(check.words, str) else check.words[words.language]
    passed = sum(check.passed for check in page.checks)
    said["meta.checks_passed"] = (
        words("meta.checks_passed", passed=words.integer(passed), all=words.integer(len(page.checks)))
        if page.checks
        else words("meta.checks_none")
    )
    warnings = sum(not check.passed and check.severity == "warn" for check in page.checks) + len(page.warnings)
    said["meta.warnings"] = words("meta.warnings", count=warnings) if warnings else ""
    said["quality.warned"] = words("quality.warned", count=warnings) if warnings else ""
    activity = next((source for source in page.coverage if source.source == "activity"), None)
    if activity is None or activity.days_expected is None:
        said["meta.covered"] = words("meta.covered_none")
    else:
        covered = words.integer(activity.days_covered or 0)
        said["meta.covered"] = words("meta.covered", covered=covered, expected=words.integer(activity.days_expected))
    return said


def _line(source: SourceCoverage, words: Voice) -> dict[str, str]:
    prefix = f"quality.{source.source}"
    if source.days_expected is not None:
        expected = words.integer(source.days_expected)
        days = words("quality.of_days", covered=words.integer(source.days_covered or 0), expected=expected)
    else:
        days = words("quality.no_file") if source.state == "empty" else DASH
    state = words(f"quality.state_{source.state}", count=missing(source))
    return {
        f"{prefix}.days": days,
        f"{prefix}.last": DASH if source.last_day is None else words.day_short(source.last_day),
        f"{prefix}.state": state,
    }


def title(scene: Scene, words: Voice) -> str:
    """How much of the activity is covered, and how many checks failed."""
    activity = next((source for source in scene.page.coverage if source.source == "activity"), None)
    if activity is None or activity.days_expected is None:
        said = words("quality.title_none")
    else:
        gone, expected = missing(activity), words.integer(activity.days_expected)
        covered = words.integer(activity.days_covered or 0)
        said = (
            words("quality.title_gaps", count=gone, covered=covered, expected=expected)
            if gone
            else words("quality.title_complete", expected=expected)
        )
    failed = sum(not check.passed and check.severity == "error" for check in scene.page.checks)
    return said + (words("quality.title_failed", count=failed) if failed else "")


def failures(scene: Scene) -> list[CheckResult]:
    """The blocking checks that have failed; what only warns is the operators'."""
    failed = [check for check in scene.page.checks if not check.passed and check.severity == "error"]
    return sorted(failed, key=lambda check: (check.table, check.key))


def table(scene: Scene, words: Voice) -> TableView:
    """The days of every source."""
    fields = (
        Field("source", words("column.source"), "text"),
        Field("days", words("column.days_covered"), "text"),
        Field("last_day", words("column.last_row"), "day"),
        Field("state", words("column.state"), "text"),
    )
    sources = scene.page.coverage
    said = [_line(source, words) for source in sources]
    values: list[list[Cell]] = [
        [words(f"source_name.{source.source}") for source in sources],
        [line[f"quality.{source.source}.days"] for source, line in zip(sources, said, strict=True)],
        [None if source.last_day is None else source.last_day.isoformat() for source in sources],
        [line[f"quality.{source.source}.state"] for source, line in zip(sources, said, strict=True)],
    ]
    return TableView(fields, values)
