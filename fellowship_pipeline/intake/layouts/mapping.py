"""Canonical or spelled-out headers: which column of a file is which of the source.

Belongs here: columns by name, their declared forms, factors. Does not belong here: layouts that need more than that
(``presets``), values' types (staging).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.headers import demanded, of_other_words, read_from
from fellowship_pipeline.intake.layouts import wide
from fellowship_pipeline.intake.layouts.happened import happened
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Shaped, constants, rows_of
from fellowship_pipeline.intake.layouts.nobody import noted
from fellowship_pipeline.intake.layouts.notation import Notation, notation, risen
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.durations import UNCLEAR, TwoParts, is_unclear, minutes
from fellowship_pipeline.intake.readers.records import Header, Records, Reject, each

if TYPE_CHECKING:
    from fellowship_pipeline.program.sources import ColumnMapping

PLACES = Decimal("1e-10")


@dataclass(frozen=True)
class MappedLayout:
    """A file with the columns that the entry spells out, else with the canonical headers."""

    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        """One row per record; of a survey with questions one per answer."""
        entry, source = self.group.entry, self.group.source
        records.demand_set(demanded(source, entry))
        read = read_from(source, entry, records.header)
        others = of_other_words(source, entry, records, read)
        read = {name: header for name, header in read.items() if name not in others}
        unread = (Note("words_unread", {"columns": ", ".join(others)}),) if others else ()
        records, columns, rejects = _columns(records, read, entry.columns or {}, source.lengths)
        if source.name == "survey_responses" and entry.questions:
            given = constants(self.group, file).get("submitted_at")
            shaped = wide.answers(
                entry,
                records,
                columns["submitted_at"] if given is None else pa.array([given] * len(records.rows), pa.string()),
                member=columns.get("member"),
                response=columns.get("response"),
                zone=self.group.zone,
                scales=self.group.scales,
            )
            notes = (*shaped.notes, *unread, *noted(records, columns.get("member")))
            return replace(shaped, rejects=(*shaped.rejects, *rejects), notes=notes)
        persons = columns.get(source.person) if source.person else None
        notes = (*unread, *noted(records, persons))
        return happened(source, entry, Shaped(rows_of(records, columns), rejects=rejects, notes=notes))


def _columns(
    records: Records, read: Mapping[str, Header], forms: Mapping[str, ColumnMapping | None], lengths: Container[str]
) -> tuple[Records, dict[str, pa.Array | pa.ChunkedArray], tuple[Reject, ...]]:
    """The columns as canonical text, of the records where every declared form fits; the others as rejects."""
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    rejects: list[Reject] = []
    for name, header in read.items():
        columns[name] = written = records.column(header)
        form = _form(forms.get(name), records.encoding is None, name in lengths)
        if form is not None:
            columns[name] = each(written, form.read)
            rejects += [
                Reject(records.rows[at].as_py(), name, text, form.rule_of(text), records.lines[at].as_py())
                for at in pc.indices_nonzero(pc.is_null(columns[name])).to_pylist()
                for text in [written[at].as_py()]
            ]
            if form.year is not None:
                columns[name] = pa.array(risen(columns[name].to_pylist(), form.year), pa.string())
    if rejects:
        fits = pc.invert(pc.is_in(records.rows, pa.array([reject.row for reject in rejects], pa.int64())))
        records, columns = records.only(fits), {name: column.filter(fits) for name, column in columns.items()}
    return records, columns, tuple(rejects)


@dataclass(frozen=True)
class _Form:
    """How the cells of a column are read: by the declared form, times a factor; lengths of time in minutes."""

    declared: Notation | None
    times: Decimal | None
    is_length: bool
    clock: TwoParts | None
    year: int | None = None

    def read(self, text: str) -> str | None:
        """Canonical text; None where the cell does not fit."""
        if self.is_length:
            length = minutes(text, self.clock)
            if length is not None:
                return plain(length)
            if is_unclear(text):
                return None
        written = self.declared.read(text) if self.declared is not None else text
        return written if written is None or self.times is None else multiplied(self.times)(written)

    def rule_of(self, text: str) -> str:
        """What a cell that does not fit breaks."""
        if self.declared is None or (self.is_length and is_unclear(text)):
            return UNCLEAR
        return self.declared.rule


def _form(mapped: ColumnMapping | None, typed: bool, is_length: bool) -> _Form | None:
    """None where a cell is what it says."""
    if mapped is None:
        return _Form(None, None, is_length=True, clock=None) if is_length else None
    form = _Form(notation(mapped, typed), mapped.times, is_length, mapped.duration, mapped.year)
    return form if is_length or form.declared is not None or form.times is not None else None


def multiplied(factor: Decimal) -> Callable[[str], str]:
    """Text times ``factor`` to ten decimals; what is no number, or too large a one, stays for the rules to reject."""

    def change(text: str) -> str:
        try:
            product = Decimal(text.strip()) * factor
            return text if not product.is_finite() else plain(product)
        except DecimalException:
            return text

    return change


def plain(number: Decimal) -> str:
    """A number as plain decimals, ten at most, no zeros at the end."""
    text = format(number.quantize(PLACES), "f")
    return text.rstrip("0").rstrip(".")
