"""What the page says about itself: run, sources, files and checks.

Belongs here: the facts a publication hands to the page beside the released tables.
Does not belong here: any KPI, any person's data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Severity = Literal["error", "warn"]

Said = str | Mapping[str, str]
"""What a sentence says: one text for every language, or one by language."""

CoverageState = Literal["complete", "gaps", "failed", "empty"]
"""A source's days: all there; some missing; a blocking check failed; configured, and no file yet."""


@dataclass(frozen=True)
class SourceCoverage:
    """One configured source: which days it vouches for. How many records it has would tell of those who gave them."""

    source: str
    first_day: date | None
    last_day: date | None
    days_covered: int | None
    days_expected: int | None
    state: CoverageState
    gaps: Sequence[tuple[date, date]] = ()
    """Days not covered between the first and the last one: first and last day of each run."""


@dataclass(frozen=True)
class CheckResult:
    """One check of this run. ``table`` is ``schema.name``; ``words`` say what is wrong, without a person's data."""

    key: str
    table: str
    passed: bool
    severity: Severity
    words: Said


@dataclass(frozen=True)
class PageContext:
    """Everything on the page that is not a released table."""

    run_id: str
    generated_as_of: date
    coverage: Sequence[SourceCoverage] = ()
    checks: Sequence[CheckResult] = ()
    warnings: Sequence[Said] = ()
