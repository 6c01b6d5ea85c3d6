"""Retention periods: from when on what a source's files tell is over, and which destroyed contents are not over at all.

Belongs here: that arithmetic. Does not belong here: how old a content is, destroying it (``forgetting.retention``).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from fellowship_pipeline.intake.landing.ledger import LedgerState

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program


def ends(program: Program, today: date) -> dict[str, datetime]:
    """By source, before when a content is over, in UTC; sources without a period are left out."""
    return {
        source: datetime.combine(months_before(today, months), time())
        for source, months in program.privacy.retention_months.items()
    }


def months_before(day: date, months: int) -> date:
    """That many months earlier, on the same day of the month or the last one that there is; never before the year 1."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def not_over(state: LedgerState, program: Program, today: date) -> set[str]:
    """Contents that were destroyed for retention though their period is not over, as a wrong clock has it.

    So are those of which nobody noted how old they were: they have to be read once to be told.
    """
    limits = ends(program, today)
    return {
        content.sha256
        for content in state.contents.values()
        if content.decision == "expired" and not (content.ages and _is_over(content.ages, limits))
    }


def _is_over(ages: Mapping[str, str], limits: Mapping[str, datetime]) -> bool:
    return all(source in limits and datetime.fromisoformat(at) < limits[source] for source, at in ages.items())
