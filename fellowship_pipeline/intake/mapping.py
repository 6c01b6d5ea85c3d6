"""Canonical or spelled-out headers: which column of a file is which of the source.

Belongs here: columns by name, factors. Does not belong here: layouts that need more than that (``presets``), values'
types (staging).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fellowship_pipeline.intake import wide
from fellowship_pipeline.intake.layout import Group, Incoming, Shaped, rows_of
from fellowship_pipeline.intake.records import Records, each

PLACES = Decimal("1e-10")


@dataclass(frozen=True)
class Mapped:
    """A file with the columns that the entry spells out, else with the canonical headers."""

    group: Group

    def shape(self, file: Incoming, records: Records) -> Shaped:
        """One row per record; of a survey with questions one per answer."""
        entry, source = self.group.entry, self.group.source
        if entry.columns is None:
            records.demand(source.required)
            present = [c.name for c in source.columns if records.place(c.name) is not None]
            return Shaped(rows_of(records, {name: records.column(name) for name in present}))
        records.demand_set((("columns", name), mapped.from_) for name, mapped in entry.columns.items())
        columns = {name: records.column(mapped.from_) for name, mapped in entry.columns.items()}
        for name, mapped in entry.columns.items():
            if mapped.times is not None:
                columns[name] = each(columns[name], multiplied(mapped.times))
        if source.name == "survey_responses" and entry.questions:
            return wide.answers(
                entry,
                records,
                columns["submitted_at"],
                member=columns.get("member"),
                response=columns.get("response"),
                zone=self.group.zone,
            )
        return Shaped(rows_of(records, columns))


def multiplied(factor: Decimal) -> Callable[[str], str]:
    """Text times ``factor`` to ten decimals; text that is no number stays, for the rules to reject."""

    def change(text: str) -> str:
        try:
            product = Decimal(text.strip()) * factor
            return text if not product.is_finite() else plain(product)
        except InvalidOperation:
            return text

    return change


def plain(number: Decimal) -> str:
    """A number as plain decimals, ten at most, no zeros at the end."""
    text = format(number.quantize(PLACES), "f")
    return text.rstrip("0").rstrip(".")
