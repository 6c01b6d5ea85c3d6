"""What an entry declares about a file: when it was exported, which days it vouches for.

Belongs here: dates in paths and export columns. Does not belong here: what follows from the rows (staging).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fellowship_pipeline.intake.readers.instants import instant
from fellowship_pipeline.intake.readers.records import Quarantined, Records
from fellowship_pipeline.program.paths import in_landing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fellowship_pipeline.program.sources import Entry

DAY = timedelta(days=1)
MONTH = re.compile(r"(\d{4})\D*(\d{1,2})\D*")
"""A month as file names have it: 2025-03, 202503, 2025년 3월."""


def exported(
    entry: Entry, by_default: re.Pattern[str] | None, paths: Iterable[str], records: Records | None, zone: str
) -> datetime | None:
    """The export's instant in UTC: of several places or rows the latest. None where nothing says it."""
    if entry.exported is not None and entry.exported.column is not None:
        if records is None:
            return None
        records.demand_set([(("exported", "column"), entry.exported.column)])
        texts = records.column(entry.exported.column).unique().to_pylist()
    else:
        pattern = entry.exported.filename if entry.exported is not None else by_default
        if pattern is None:
            return None
        texts = [found["date"] for path in paths if (found := pattern.search(in_landing(path)))]
        if any(instant(text, zone) is None for text in texts):
            raise Quarantined("the date of its export, as `exported` finds it in the path, is no YYYY-MM-DD")
    return max((moment for text in texts if (moment := instant(text, zone))), default=None)


def covered(entry: Entry, paths: Iterable[str], there_at: datetime, zone: str) -> tuple[date, date] | None:
    """The first and last day that the path declares; of several places the earliest. None where none does.

    A month that was not over when the file came, ``there_at`` in UTC, ends the day before that.
    """
    if isinstance(entry.covers, str):
        return None
    days = []
    for path in paths:
        if found := entry.covers.filename.search(in_landing(path)):
            part = found.groupdict()
            if part.get("month"):
                first, last = month_days(part["month"], there_at, zone)
                if last >= first:
                    days.append((first, last))
                continue
            try:
                first, last = (date.fromisoformat(part.get(key) or part["date"]) for key in ("from", "to"))
            except (KeyError, TypeError, ValueError):
                raise Quarantined("the days it covers, as `covers` finds them in the path, are no YYYY-MM-DD") from None
            if last < first:
                raise Quarantined("the days it covers, as `covers` finds them in the path, end before they begin")
            days.append((first, last))
    return min(days, default=None)


def month_days(text: str, there_at: datetime, zone: str) -> tuple[date, date]:
    """Its first and last day; of a month that was not over when the file came, the day before that.

    Raises Quarantined where the text is no month.
    """
    found = MONTH.fullmatch(text.strip())
    try:
        first = date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        first = None
    if first is None:
        raise Quarantined("the month, as a pattern finds it in the path, is no YYYY-MM")
    came_on = there_at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    return first, min((first + 31 * DAY).replace(day=1), came_on) - DAY
