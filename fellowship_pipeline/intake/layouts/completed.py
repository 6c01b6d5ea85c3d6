"""Reports that tell of each person and course whether it is completed.

Belongs here: what the presets that feed ``completions`` share: who is done, and what scale grades are on. Does not
belong here: any platform's headers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, DecimalException, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.layout import Shaped, rows_of
from fellowship_pipeline.intake.layouts.mapping import multiplied, plain
from fellowship_pipeline.intake.readers.records import Records, Reject, each

HUNDRED = Decimal(100)
YES, NO = ("yes", "true"), ("no", "false", "")


def completed(records: Records, flag: str, headers: Mapping[str, str]) -> tuple[pa.Table, list[Reject]]:
    """Rows of the records whose ``flag`` says Yes, and those of which it says neither Yes nor No.

    ``headers`` are by canonical column; those that the file does not have are left out.
    """
    said = [text.strip().casefold() for text in records.column(flag).to_pylist()]
    rejects = [
        Reject(row, "completed_at", text, f"{flag} is neither Yes nor No", line)
        for row, line, text in zip(records.rows.to_pylist(), records.lines.to_pylist(), said, strict=True)
        if text not in (*YES, *NO)
    ]
    done = records.only(pa.array([text in YES for text in said], pa.bool_()))
    there = {name: header for name, header in headers.items() if done.place(header) is not None}
    return rows_of(done, {name: done.column(header) for name, header in there.items()}), rejects


def graded(rows: pa.Table, grades: Iterable[str]) -> tuple[pa.Table, list[Reject]]:
    """The rows with scores out of a hundred, and rejects where ``grades``, all of the file, are on two scales."""
    if "score" not in rows.column_names:
        return rows, []
    if not any((number(grade) or 0) > 1 for grade in grades):
        score = each(rows.column("score"), multiplied(HUNDRED))
        return rows.set_column(rows.column_names.index("score"), "score", score), []
    reason = "a grade of 1 or less in a file with grades above 1"
    scores = zip(*(rows.column(name).to_pylist() for name in ("_row", "score", "_line")), strict=True)
    return rows, [
        Reject(row, "score", text, reason, line) for row, text, line in scores if 0 < (number(text) or 0) <= 1
    ]


def shaped(records: Records, rows: pa.Table, rejects: Sequence[Reject]) -> Shaped:
    """The rows without those of rejected records; a record is rejected once, and ignored where it gives no row."""
    rejected = {reject.row: reject for reject in reversed(rejects)}
    kept = rows.filter(pc.invert(pc.is_in(rows.column("_row"), pa.array(list(rejected), pa.int64()))))
    ignored = len(records.rows) - len(pc.unique(kept.column("_row"))) - len(rejected)
    return Shaped(kept, ignored=ignored, rejects=tuple(rejected[row] for row in sorted(rejected)))


def number(text: str) -> Decimal | None:
    """The number that a cell holds; zero where it is empty, None where it is none."""
    try:
        found = Decimal(text.strip() or 0)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def out_of(most: Decimal, cell: str) -> str:
    """The number in a cell, of at most ``most``, out of a hundred; too large a one in words, to be rejected."""
    try:
        return plain(Decimal(cell.strip() or 0) * HUNDRED / most)
    except DecimalException:
        return f"{cell} of {most}"
