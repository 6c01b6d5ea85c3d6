"""Files of activity in which several days in a row have no row: what would have them count as days without learning.

Belongs here: the note that is proposed. Does not belong here: which days are covered (``staging.coverage``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from fellowship_pipeline.intake.layouts.notation import notation
from fellowship_pipeline.program.sources import ColumnMapping, Entry

if TYPE_CHECKING:
    from pathlib import Path

    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.intake.proposal.columns import Match
    from fellowship_pipeline.intake.proposal.content import ColumnTexts

MONTH = re.compile(
    r"(?<!\d)(?:19|20)\d{2}(?P<between>[-_.]?|년 ?)(?:0[1-9]|1[0-2]|[1-9](?=월))(?P<unit>월?)(?![-_.]?\d)"
)
"""A month in a file's name that is no day's."""

MOST_DAYS: int = Entry.model_fields["max_gap_days"].default


def note(file: Path, texts: ColumnTexts, source: Source, found: Iterable[Match]) -> Iterator[str]:
    """How to say that nobody learned on days that have no row, where longer runs of them than are covered occur."""
    when = next((match for match in found if match.column == "occurred_at"), None)
    if source.name != "activity" or when is None or when.notes or not _has_gaps(texts, when):
        return  # where days are in doubt, that comes first
    month = month_in_name(file)
    said = f"`{covers(month)}` if each file has its whole month" if month else "`covers: all` if the files lack no day"
    yield f"more than {MOST_DAYS} days in a row have no row, and count as missing: add {said}"


def month_in_name(file: Path) -> str | None:
    """A pattern that finds the month in the file's name, as its siblings have it; None where there is none."""
    months = list(MONTH.finditer(file.stem))
    if not months:
        return None
    between = months[-1]["between"].replace(".", r"\.")
    written = rf"20\d\d{between}\d\d?월" if months[-1]["unit"] else rf"20\d\d{between}\d\d"
    return f"(?P<month>{written})"


def covers(month: str) -> str:
    """What has an entry vouch for the month in a name."""
    return f"covers: {{filename: '{month}'}}"


def _has_gaps(texts: ColumnTexts, when: Match) -> bool:
    days = sorted(set(_days(texts, when)))
    return any(after - before > timedelta(days=MOST_DAYS + 1) for before, after in pairwise(days))


def _days(texts: ColumnTexts, when: Match) -> Iterator[date]:
    """The days of the column's values, as the match reads them."""
    at = next(at for at in range(len(texts.header)) if texts.name(at) == when.header)
    form = {key: value for key, value in when.settings.items() if key in ("format", "year")}
    declared = notation(ColumnMapping.model_validate({"from": "any", **form}), texts.typed) if form else None
    for text in texts.columns[at]:
        read = (declared.read(text) if declared else None) or text
        try:
            yield date.fromisoformat(read[:10])
        except ValueError:
            continue
