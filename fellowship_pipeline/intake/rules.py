"""What a value must look like: the SQL that types the text of a cell, and the words for one that does not fit.

Belongs here: one rule per contract column. Does not belong here: what becomes of a row that breaks one (``staging``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import Column, Source
from fellowship_pipeline.contracts.kinds import OUTCOME_KINDS, REQUIREMENT_KINDS
from fellowship_pipeline.intake.readers.instants import midnight
from fellowship_pipeline.program.rows import survey_questions
from fellowship_pipeline.warehouse.names import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from fellowship_pipeline.program import Program

SCARS = ("is_cell_error(", "has_exponent(")
"""Macros that tell what a spreadsheet program leaves where a value was."""

EARLIEST = date(2000, 1, 1)

ANONYMOUS = "before 2000; of anonymous responses without a day `values: {submitted_at: DAY}` gives one"
"""Said of the day that survey tools put in place of one."""

UPPER_LIMIT = {"xp": 10**12}
"""What a number must stay below; more is a broken export."""

PLANNED = ("due_at", "starts_at", "joined_on", "left_on", "expires_on")
"""Days and instants that may lie years ahead; others have happened when a file tells of them."""

WHOLE_DAY = "due_at"
"""The instant for which a bare date means the end of that day, not its midnight."""

POOLED = ("seat_events", "seat_snapshots")
"""Sources whose rows always belong to a pool of seats."""

DEFAULT_POOL = "default"
"""The pool of programs that name none."""

DEFAULT_WORDS = {("attendance", "status"): "attended", ("attendance", "role"): "participant"}
"""What an empty cell of a closed vocabulary means."""

KNOWN_WORDS = {
    ("aliases", "kind"): ("email", "platform", "kaggle", "discord", "survey"),
    ("missions", "requirement"): tuple(kind.requirement for kind in REQUIREMENT_KINDS),
    ("outcomes", "kind"): tuple(kind.kind for kind in OUTCOME_KINDS),
}
"""Words of open vocabularies that mean something, in whatever case; others stand for themselves."""

MEMBER_ADDRESS = "case when is_email(member) then member end"
"""A list that knows its members by their addresses need not say these twice."""

_MACROS = {
    "TIMESTAMP": "as_instant",
    "DATE": "as_day",
    "DECIMAL(28,10)": "as_decimal",
    "DOUBLE": "as_double",
    "BIGINT": "as_integer",
    "BOOLEAN": "as_boolean",
}

_WORDS = {
    "TIMESTAMP": "not an instant (YYYY-MM-DD[THH:MM[:SS]][Z|±HH:MM])",
    "DATE": "not a date (YYYY-MM-DD)",
    "DECIMAL(28,10)": "not a number (plain decimal with a point)",
    "DOUBLE": "not a number (plain decimal with a point)",
    "BIGINT": "not a whole number",
    "BOOLEAN": "not a truth value (true/false, yes/no, 1/0)",
}


@dataclass(frozen=True)
class CellRule:
    """How a column is typed. ``value`` is SQL over the trimmed text; NULL of a non-empty text breaks the rule.

    ``bounds`` are SQL over the typed value, :func:`typed`, that has to hold, and the words for each. ``empty`` says
    what an empty cell breaks; None: nothing.
    ``void`` is SQL over the trimmed text of what is taken for an empty cell; '' where nothing is. ``hint`` is SQL over
    the trimmed text of what is said after ``words``; '' where nothing is. ``elsewhere`` is SQL over the texts of the
    row of what an empty cell is filled with; '' where it stays empty.
    """

    name: str
    value: str
    words: str
    empty: str | None
    bounds: tuple[tuple[str, str], ...] = ()
    void: str = ""
    hint: str = ""
    elsewhere: str = ""

    @property
    def told(self) -> str:
        """SQL of the value that a row has: its own, else what another of its cells says."""
        return "coalesce(" + self.value + ", " + self.elsewhere + ")" if self.elsewhere else self.value

    @property
    def within(self) -> str:
        """SQL over the typed value: all bounds hold."""
        return " and ".join(bound for bound, _ in self.bounds)

    @property
    def whole(self) -> str:
        """SQL over the trimmed text alone, bounds included: for queries that type few cells."""
        return "case when " + self._inline(self.within) + " then " + self.value + " end" if self.bounds else self.value

    @property
    def breaks(self) -> str:
        """The SQL condition over text and value under which a cell breaks the rule; empty where it cannot."""
        text, value = identifier(self.name), typed(self.name)
        can_be_wrong = self.words or self.bounds
        if self.empty:
            return (value if can_be_wrong else text) + " is null"
        return "(" + text + " is not null and " + value + " is null)" if can_be_wrong else ""

    @property
    def reason(self) -> str:
        """SQL over the trimmed text of what the cell breaks, NULL where it breaks nothing."""
        text = identifier(self.name)
        cases = ["when " + text + " is null then " + (literal(self.empty) if self.empty else "null")]
        if self.words:
            said = literal(self.words) + (" || " + self.hint if self.hint else "")
            cases.append("when " + self.value + " is null then " + said)
        cases += ["when not (" + self._inline(bound) + ") then " + literal(why) for bound, why in self.bounds]
        return "case " + " ".join(cases) + " end"

    def of_letters(self) -> CellRule:
        """The rule for cells that begin with a letter, as nothing does that a spreadsheet program leaves."""
        return replace(self, bounds=tuple(b for b in self.bounds if not any(scar in b[0] for scar in SCARS)))

    def _inline(self, bound: str) -> str:
        return bound.replace(typed(self.name), self.value)


def typed(name: str) -> str:
    """The name of a column's typed value, beside its text."""
    return identifier(name + " value")


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Defines the macros of ``rules.sql`` for this connection."""
    con.execute(files("fellowship_pipeline.intake").joinpath("rules.sql").read_text(encoding="utf-8"))


def cell(name: str) -> str:
    """SQL of a cell's text: trimmed, NULL where nothing is left."""
    return "cell(" + identifier(name) + ")"


def rules(source: Source, program: Program, arrived: str | None = None) -> tuple[CellRule, ...]:
    """The rules of a source's columns, in the contract's order.

    ``arrived`` is SQL of the instant at which a row's file came; without it no instant is too late.
    """
    return tuple(_rule(source, column, program, arrived) for column in source.columns)


def rules_of_totals(source: Source, program: Program, arrived: str | None = None) -> tuple[CellRule, ...]:
    """The same of exports of totals, where a record may lack its last activity: enrolled, and never opened."""
    checks = rules(source, program, arrived)
    return tuple(replace(rule, empty=None) if rule.name == "occurred_at" else rule for rule in checks)


def latest_instant(source: Source) -> str:
    """SQL of the latest instant of a row, over text and typed values; a bare date counts as its midnight."""
    instants = [
        "as_instant(" + identifier(name) + ", _timezone)" if name == WHOLE_DAY else typed(name)
        for name in source.instants
    ]
    return "greatest(" + ", ".join(instants) + ")" if instants else "cast(null as timestamp)"


def read(source: Source, checks: Iterable[CellRule], cells: Iterable[str]) -> str:
    """The common table expression ``read`` over selects of trimmed cells: text and typed value of each, typed once.

    The value is NULL where the text has another form, or where it is out of bounds.
    """
    checks = list(checks)
    values = ", ".join(rule.told + " as " + typed(rule.name) for rule in checks)
    within = ", ".join(
        "case when " + rule.within + " then " + typed(rule.name) + " end as " + typed(rule.name)
        for rule in checks
        if rule.bounds
    )
    voids = ", ".join(
        "case when not (" + rule.void + ") then " + identifier(rule.name) + " end as " + identifier(rule.name)
        for rule in checks
        if rule.void
    )
    written = ", filled as (select *" + (" replace (" + voids + ")" if voids else "") + " from cells)"
    return (
        "cells as (" + " union all by name ".join(cells) + ")" + written
        + ", casts as (select *, " + values + " from filled), "
        + "read as (select *" + (" replace (" + within + ")" if within else "") + " from casts)"
    )  # fmt: skip


def _rule(source: Source, column: Column, program: Program, arrived: str | None) -> CellRule:
    value, words = _typed(source, column, program)
    bounds = _bounds(source, column, program, arrived)
    empty = "required" if column.required and column.name not in source.may_be_empty else None
    if column.name == "pool":
        only = program.only_pool or (DEFAULT_POOL if source.name in POOLED and not program.seats else None)
        if only:
            value = "coalesce(" + value + ", " + literal(only) + ")"
        elif source.name in POOLED:
            empty = "pool is needed: program.yaml names several"
    elif word := DEFAULT_WORDS.get((source.name, column.name)):
        value = "case when " + identifier(column.name) + " is null then " + literal(word) + " else " + value + " end"
    hint = "nearest_word(" + identifier(column.name) + ", " + _listed(column.values) + ")" if column.values else ""
    elsewhere = MEMBER_ADDRESS if (source.name, column.name) == ("roster", "email") else ""
    return CellRule(column.name, value, words, empty, tuple(bounds), _void(source, column), hint, elsewhere)


def _void(source: Source, column: Column) -> str:
    """SQL over the text of a cell that says nothing, though it is not empty; '' where there is none.

    A stay that may have begun or ended an hour earlier or later has no end, since no minutes can be told of it. 1970
    begins where a system kept 0. What is no e-mail address costs the address alone.
    """
    text = identifier(column.name)
    if column.name == "email" and not column.required:
        return "not is_email(" + text + ")"
    if column.type not in ("TIMESTAMP", "DATE") or column.required:
        return ""
    is_end = (source.name, column.name) == ("attendance", "left_at")
    unsure = " or is_unsure(joined_at, _timezone) or is_unsure(left_at, _timezone)" if is_end else ""
    return "(is_epoch(" + text + ")" + unsure + ")"


def _bounds(source: Source, column: Column, program: Program, arrived: str | None) -> list[tuple[str, str]]:
    """What must hold of a typed value, and the words for where it does not."""
    value = typed(column.name)
    bounds = []
    if column.minimum is not None:
        least = format(column.minimum, "g")
        bounds.append((value + " >= " + least, "below " + least))
    if column.maximum is not None:
        most = format(column.maximum, "g")
        bounds.append((value + " <= " + most, "above " + most))
    if column.name in UPPER_LIMIT:
        limit = str(UPPER_LIMIT[column.name])
        bounds.append((value + " < " + limit, "not below " + limit))
    if column.type in ("TIMESTAMP", "DATE"):
        first = EARLIEST if column.type == "DATE" else midnight(EARLIEST, program.timezone)
        too_early = ANONYMOUS if (source.name, column.name) == ("survey_responses", "submitted_at") else "before 2000"
        bounds.append((value + " >= " + literal(str(first)) + "::" + column.type, too_early))
        if arrived is not None and column.name not in PLANNED:
            latest = "(" + arrived + " + interval 366 day)"
            bounds.append((value + " <= " + latest, "more than 366 days after the file came"))
    if column.name == source.person or (source.name, column.name) == ("aliases", "value"):
        bounds.append(("not several_emails(" + value + ")", "more than one e-mail address"))
    if (source.name, column.name) == ("survey_responses", "answer"):
        bounds += _ratings(program)
    if column.name == "stays":
        bounds.append(("are_stays(" + value + ")", "not stays in UTC (YYYY-MM-DDTHH:MM:SSZ/YYYY-MM-DDTHH:MM:SSZ|…)"))
    if column.type == "VARCHAR" and not column.values:
        bounds.append(
            ("not is_cell_error(" + value + ")", "an error value of a spreadsheet, not text: repair the cell")
        )
        if column.name in source.natural_key and column.name not in source.may_be_empty:
            bounds.append(
                (
                    "not has_exponent(" + value + ")",
                    "a number with an exponent, not an id: its digits are lost, export it as text",
                )
            )
    return bounds


def no_rating(scale: tuple[float, float] | None) -> str:
    """What is said of an answer that is none on the scale."""
    return f"not a rating from {scale[0]:g} to {scale[1]:g}" if scale else "not a rating: no number"


def _ratings(program: Program) -> list[tuple[str, str]]:
    """What must hold of answers to questions of kind rating, and the words for where it does not."""
    by_scale: dict[tuple[float, float] | None, list[tuple[str, str]]] = {}
    for asked, question in survey_questions(program).items():
        if question.kind == "rating":
            by_scale.setdefault(question.scale, []).append(asked)
    rating = "try_cast(" + typed("answer") + " as double)"
    found = []
    for scale, several in by_scale.items():
        is_asked = " or ".join(
            "(survey = " + literal(survey) + " and question = " + literal(name) + ")" for survey, name in several
        )
        low, high = scale or (-1e300, 1e300)
        is_on = f"{rating} between {low!r} and {high!r}"
        found.append(("case when " + is_asked + " then coalesce(" + is_on + ", false) else true end", no_rating(scale)))
    return found


def _typed(source: Source, column: Column, program: Program) -> tuple[str, str]:
    """The column's text as its type, and the words for what does not fit."""
    text = identifier(column.name)
    if column.values:
        return "known_word(" + text + ", " + _listed(column.values) + ")", "not one of " + ", ".join(column.values)
    if column.type == "VARCHAR":
        kinds = program.community.kinds if (source.name, column.name) == ("sessions", "kind") else ()
        known = KNOWN_WORDS.get((source.name, column.name), tuple(kinds))
        return "coalesce(known_word(" + text + ", " + _listed(known) + "), " + text + ")" if known else text, ""
    arguments = {
        "TIMESTAMP": [text, "_timezone"],
        "DATE": [text, "_timezone", literal(program.timezone)],
    }.get(column.type, [text])
    macro = "as_deadline" if column.name == WHOLE_DAY else _MACROS[column.type]
    return macro + "(" + ", ".join(arguments) + ")", _WORDS[column.type]


def _listed(words: Iterable[str]) -> str:
    return "[" + ", ".join(map(literal, words)) + "]"
