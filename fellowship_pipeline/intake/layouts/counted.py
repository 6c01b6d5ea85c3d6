"""Which records of a file count, as ``where`` of its entry says.

Belongs here: conditions applied to records. Does not belong here: the words of a condition (``program.conditions``),
records that a layout itself leaves out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.notation import notation
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.records import Records, Reject, each, normal
from fellowship_pipeline.program.conditions import ABSENT, PRESENT, Condition, condition, number

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import ColumnMapping, Entry

COUNTS, DOES_NOT = "1", "0"


def counted(records: Records, entry: Entry) -> Records:
    """The records that the entry's ``where`` is true of; the others are ignored.

    One that has text where a number is asked for is rejected, unless another condition leaves it out.
    """
    records.demand_set((("where", header), header) for header in entry.where)
    if not entry.where or not len(records.rows):
        return records
    chosen = pa.array([True] * len(records.rows), pa.bool_())
    unread: list[tuple[str, str, pa.Array]] = []
    for header, written in entry.where.items():
        column, mapped = _mapped(entry, header)
        told = each(records.column(header), _verdict(condition(written), _reading(mapped, records)))
        chosen = pc.and_(chosen, pc.fill_null(pc.equal(told, COUNTS), fill_value=True))
        unread.append((header, column, pc.is_null(told)))
    rejects = {
        at: Reject(
            records.rows[at].as_py(),
            column,
            records.column(header)[at].as_py(),
            f"no number, with which `where` compares '{header}'",
            records.lines[at].as_py(),
        )
        for header, column, nulls in reversed(unread)
        for at in pc.indices_nonzero(pc.and_(chosen, nulls)).to_pylist()
    }
    kept = records.only(pc.and_(chosen, pa.array([at not in rejects for at in range(len(records.rows))], pa.bool_())))
    left_out = len(set(records.rows.to_pylist()) - set(kept.rows.to_pylist()) - {one.row for one in rejects.values()})
    asked = ", ".join(f"{header}: {written}" for header, written in entry.where.items())
    nothing = () if len(kept.rows) or rejects else (Note("where_nothing", {"asked": asked}),)
    return replace(
        kept,
        ignored=records.ignored + left_out,
        rejects=(*records.rejects, *(rejects[at] for at in sorted(rejects))),
        notes=(*records.notes, *nothing),
    )


def _verdict(asked: Condition, read: Callable[[str], Decimal | None]) -> Callable[[str], str | None]:
    """Whether a cell's record counts; None where its text is no number and one is asked for."""
    texts = {normal(text) for text in asked.texts}

    def told(text: str) -> str | None:
        bare = normal(text)
        if asked.sign in (PRESENT, ABSENT):
            return COUNTS if bool(bare) == (asked.sign == PRESENT) else DOES_NOT
        if not asked.is_of_number:
            return COUNTS if bare in texts else DOES_NOT
        found = read(text) if bare else None
        if found is None:
            return None if bare else DOES_NOT
        return COUNTS if asked.holds(found) else DOES_NOT

    return told


def _mapped(entry: Entry, header: str) -> tuple[str, ColumnMapping | None]:
    """The canonical column that the entry reads from that header, and how; '' where it reads none."""
    for name, mapped in (entry.columns or {}).items():
        if mapped is not None and mapped.from_ is not None and normal(mapped.from_) == normal(header):
            return name, mapped
    return "", None


def _reading(mapped: ColumnMapping | None, records: Records) -> Callable[[str], Decimal | None]:
    """The number in a cell as the file writes it: 25 of ``25 %``."""
    form = notation(mapped, typed=records.encoding is None) if mapped is not None else None
    if mapped is None or form is None:
        return number
    scale = 100 if mapped.percent else 1

    def read(text: str) -> Decimal | None:
        found = number(form.read(text) or "")
        return found * scale if found is not None else None

    return read
