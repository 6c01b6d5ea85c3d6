"""What a value must look like: the SQL that types the text of a cell, and the words for one that does not fit.

Belongs here: one rule per contract column. Does not belong here: what becomes of a row that breaks one (``staging``).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlglot import exp

from fellowship_pipeline.contracts import Column, Source
from fellowship_pipeline.warehouse import identifier

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.program import Program

UPPER_LIMIT = {"xp": 10**12}
"""What a number must stay below; more is a broken export."""

WHOLE_DAY = "due_at"
"""The instant for which a bare date means the end of that day, not its midnight."""

POOLED = ("seat_events", "seat_snapshots")
"""Sources whose rows always belong to a pool of seats."""

DEFAULT_POOL = "default"
"""The pool of programs that name none."""

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
class Rule:
    """How a column is typed. ``value`` is SQL over the trimmed text; NULL of a non-empty text breaks the rule.

    ``empty`` says what an empty cell breaks; None: nothing.
    """

    name: str
    value: str
    words: str
    empty: str | None


def literal(text: str) -> str:
    """The text as SQL writes it, quoted."""
    return exp.Literal.string(text).sql("duckdb")


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Defines the macros of ``rules.sql`` for this connection."""
    con.execute(files("fellowship_pipeline.intake").joinpath("rules.sql").read_text(encoding="utf-8"))


def cell(name: str) -> str:
    """SQL of a cell's text: trimmed, NULL where nothing is left."""
    return "cell(" + identifier(name) + ")"


def rules(source: Source, program: Program) -> tuple[Rule, ...]:
    """The rules of a source's columns, in the contract's order."""
    return tuple(_rule(source, column, program) for column in source.columns)


def latest_instant(source: Source) -> str:
    """SQL of the latest instant of a row, over trimmed text; a bare date counts as its midnight."""
    instants = ["as_instant(" + identifier(name) + ", _timezone)" for name in source.instants]
    return "greatest(" + ", ".join(instants) + ")" if instants else "cast(null as timestamp)"


def _rule(source: Source, column: Column, program: Program) -> Rule:
    value, words = _typed(column, program)
    empty = "required" if column.required and column.name not in source.may_be_empty else None
    if column.name == "pool":
        only = program.only_pool or (DEFAULT_POOL if source.name in POOLED and not program.seats else None)
        if only:
            value = "coalesce(" + value + ", " + literal(only) + ")"
        elif source.name in POOLED:
            empty = "pool is needed: program.yaml names several"
    elif source.name == "attendance" and column.name == "status":
        value = "case when " + identifier(column.name) + " is null then 'attended' else " + value + " end"
    return Rule(column.name, value, words, empty)


def _typed(column: Column, program: Program) -> tuple[str, str]:
    """The column's text as its type within its bounds, and the words for what does not fit."""
    text = identifier(column.name)
    if column.values:
        known = ", ".join(literal(value) for value in column.values)
        return "case when " + text + " in (" + known + ") then " + text + " end", "not one of " + ", ".join(
            column.values
        )
    if column.type == "VARCHAR":
        return text, ""
    arguments = {
        "TIMESTAMP": [text, "_timezone"],
        "DATE": [text, "_timezone", literal(program.timezone)],
    }.get(column.type, [text])
    macro = "as_deadline" if column.name == WHOLE_DAY else _MACROS[column.type]
    value, words = macro + "(" + ", ".join(arguments) + ")", _WORDS[column.type]
    bounds = []
    if column.minimum is not None:
        bounds.append((value + " >= " + format(column.minimum, "g"), "at least " + format(column.minimum, "g")))
    if column.name in UPPER_LIMIT:
        limit = str(UPPER_LIMIT[column.name])
        bounds.append((value + " < " + limit, "below " + limit))
    if not bounds:
        return value, words
    conditions = " and ".join(condition for condition, _ in bounds)
    return "case when " + conditions + " then " + value + " end", words + ", ".join(["", *(word for _, word in bounds)])
