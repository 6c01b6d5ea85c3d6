"""What the columns of a file hold: whether their values fit a canonical column, by the rules of staging themselves.

Belongs here: judging values, in memory and never shown. Does not belong here: headers (``columns``), questions of
surveys (``surveys``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.contracts import SOURCE_BY_NAME, Source
from fellowship_pipeline.intake.layouts.notation import notation
from fellowship_pipeline.intake.layouts.wide import plain_text
from fellowship_pipeline.intake.readers.records import Records, normal, repeated
from fellowship_pipeline.intake.rules import CellRule, cell, install, rules
from fellowship_pipeline.program import parse_program
from fellowship_pipeline.program.sources import ColumnMapping
from fellowship_pipeline.warehouse.names import identifier

if TYPE_CHECKING:
    import duckdb

DeclaredForm = Mapping[str, Any]
"""What an entry says of how a column is written."""

SAMPLE = 100_000
"""Records whose values are looked at; more tell nothing new."""

MOST = 0.9
"""The share of values that must fit; the others are rejected one by one when the file is loaded."""

DIFFERENT = 2_000
"""Different texts that are tried as instants."""

FIRST = 20
"""Texts of which a form must fit one to be tried on the others."""

DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y. %m. %d.", "%Y. %m. %d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y",
    "%m-%d-%Y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%Y년 %m월 %d일", "%Y%m%d",
    "%y/%m/%d", "%d/%m/%y", "%m/%d/%y",
)  # fmt: skip
TIMES = (
    "", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %p %I:%M", " %p %I:%M:%S",
    ", %H:%M", ", %H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p",
)  # fmt: skip
OF_FORMS = "%Y/%m/%d %I:%M:%S %p GMT+9"
"""How Google Forms writes instants in Korea, in a response sheet that is saved as CSV."""
INSTANTS: tuple[DeclaredForm, ...] = tuple(
    {"format": written} for written in (*(day + time for day, time in product(DATES, TIMES)), OF_FORMS)
)
NUMBERS: tuple[DeclaredForm, ...] = (
    {"thousands": ","},
    {"decimal": ","},
    {"thousands": ".", "decimal": ","},
    {"thousands": " "},
    {"thousands": " ", "decimal": ","},
    {"percent": True},
)
"""Forms that are tried where values are not canonical, as an entry declares them."""

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class ColumnTexts:
    """The columns of a file, as texts and how often each stands there; nothing of an empty cell."""

    def __init__(self, records: Records, con: duckdb.DuckDBPyConnection) -> None:
        self.header = records.header
        self.columns = tuple(_counted(column) for column in records.columns)
        self.looked_at = min(SAMPLE, len(records.rows))
        self.typed = records.encoding is None
        self.con = con
        install(con)

    def name(self, at: int) -> str:
        """What the column is called: its header, or its place."""
        return self.header[at] if self.header[at].strip() else f"column {at + 1}"

    def asked(self, at: int, key: str = "from") -> dict[str, Any]:
        """What an entry says to read it: its header under ``key``; its `place` where that is none or not its own."""
        header = plain_text(self.header[at])
        alone = header and normal(header) not in repeated(self.header)
        return {key: header} if alone else {"place": at + 1}

    def filled(self, at: int) -> int:
        """How many values the column has."""
        return sum(self.columns[at].values())

    def share(self, at: int, fits: Callable[[str], object]) -> float:
        """The share of the column's values that fit; 0 where it has none."""
        return sum(count for text, count in self.columns[at].items() if fits(text)) / max(1, self.filled(at))

    def are_emails(self, at: int) -> bool:
        """Whether the column holds e-mail addresses."""
        return self.share(at, EMAIL.fullmatch) >= MOST

    def forms(self, at: int, possible: Sequence[DeclaredForm]) -> list[DeclaredForm]:
        """The forms in which the column's values are written; several, where they read something else each."""
        texts = list(self.columns[at])[:DIFFERENT]
        readings: dict[tuple[str | None, ...], DeclaredForm] = {}
        for form in possible:
            declared = notation(ColumnMapping.model_validate({"from": "any", **form}), self.typed)
            if declared and any(declared.read(text) for text in texts[:FIRST]):
                readings.setdefault(tuple(declared.read(text) for text in texts), form)
        fewest = min((read.count(None) for read in readings), default=len(texts))
        if fewest > (1 - MOST) * len(texts):
            return _together(readings, len(texts))
        return [form for read, form in readings.items() if read.count(None) == fewest]

    def has_gaps(self, at: int) -> bool:
        """Whether some records say nothing there."""
        return self.filled(at) < self.looked_at

    def fit(
        self, at: int, source: Source, column: str, form: DeclaredForm | None = None, *, in_bounds: bool = True
    ) -> bool:
        """Whether the column's values, read in that form, keep the rule of that canonical column, its bounds too."""
        rule = _rules(source.name)[column]
        texts = self.columns[at]
        if form is not None:
            declared = notation(ColumnMapping.model_validate({"from": "any", **form}), self.typed)
            read = Counter[str]()
            for text, count in list(texts.items())[:DIFFERENT]:
                read[(declared and declared.read(text)) or text] += count
            texts = read
        table = pa.table(
            {
                column: pa.array(texts.keys(), pa.string()),
                "count": pa.array(texts.values(), pa.int64()),
                "_timezone": pa.repeat("UTC", len(texts)),
            }
        )
        self.con.register("column_texts", table)
        value = rule.whole if in_bounds else rule.value
        found = self.con.execute(
            "with cells as (select " + cell(column) + " as " + identifier(column) + ", count, _timezone "
            + "from column_texts) select sum(count) filter (where (" + value + ") is not null) / sum(count) "
            + "from cells"
        ).fetchall()  # fmt: skip
        self.con.unregister("column_texts")
        return (found[0][0] or 0) >= MOST


def _together(readings: Mapping[tuple[str | None, ...], DeclaredForm], number: int) -> list[DeclaredForm]:
    """Of a column that several hands keep: two forms that begin with the year, and read nearly everything together."""
    dates = {
        read: str(form["format"]) for read, form in readings.items() if str(form.get("format", "")).startswith("%Y")
    }
    for one, two in combinations(dates, 2):
        if sum(a is None and b is None for a, b in zip(one, two, strict=True)) <= (1 - MOST) * number:
            return [{"format": [dates[one], dates[two]]}]
    return []


@cache
def _rules(source: str) -> dict[str, CellRule]:
    """The rules of a source's columns, as a program that says nothing has them."""
    program = parse_program("program: {id: none}\nsources: {}\n")
    return {rule.name: rule for rule in rules(SOURCE_BY_NAME[source], program)}


def _counted(column: pa.ChunkedArray) -> dict[str, int]:
    counts = pc.value_counts(pc.utf8_trim_whitespace(column.slice(0, SAMPLE)))
    return {pair["values"]: pair["counts"] for pair in counts.to_pylist() if pair["values"]}
