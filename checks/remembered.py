"""Results that were found of tables as they still are: kept with the table, so that what stands is not checked again.

Belongs here: keeping results, taking them up, and which rows of a table nobody has judged yet. Does not belong here:
evaluating anything (``runner``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypedDict

import duckdb

from checks.contract import contract
from checks.model import Expectation, meanings
from checks.runner import Result, clean
from checks.screening import NOTHING
from fellowship_pipeline import own_code
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.warehouse import facts
from fellowship_pipeline.warehouse.names import identifier, literal

OCCURRED = {"staging.activity": "occurred_at"}
"""The instants of tables that no contract dates, and of which it is known from which day on they differ."""


class Unmet(TypedDict):
    """What is kept of an expectation that was not met."""

    name: str
    rows: int | None
    examples: list[dict[str, object]]


def remembered(table: Table, known: Mapping[str, facts.Notes]) -> list[Result] | None:
    """The results found of the table and of what its expectations read, if all of those are as they were."""
    kept = known.get(table.key, {}).get(facts.CHECKED)
    if kept is None or kept["of"] != _basis(table, known):
        return None
    wrong: dict[str, Unmet] = {unmet["name"]: unmet for unmet in kept["wrong"]}
    return [_again(result, wrong[result.name]) if result.name in wrong else result for result in clean(table)]


def stopping(tables: Iterable[Table], known: Mapping[str, facts.Notes]) -> Iterator[tuple[str, Result]]:
    """Key and result of every expectation that blocks and was found not to be met of one of the tables as it is."""
    for table in tables:
        for result in remembered(table, known) or ():
            if not result.passed and result.severity == "critical":
                yield table.key, result


def remember(
    con: duckdb.DuckDBPyConnection, found: Mapping[str, Sequence[Result]], known: Mapping[str, facts.Notes]
) -> None:
    """Keeps the results of tables, by table key, but for those of which one could not be evaluated."""
    told = {key: _told(TABLE_BY_KEY[key], results, known) for key, results in found.items()}
    facts.note_all(con, {key: {facts.CHECKED: kept} for key, kept in told.items() if kept})


def _told(table: Table, results: Sequence[Result], known: Mapping[str, facts.Notes]) -> facts.Notes | None:
    basis = _basis(table, known)
    if basis is None or any(result.is_error for result in results):
        return None
    wrong = [
        Unmet(name=r.name, rows=r.unexpected_count, examples=list(map(dict, r.examples)))
        for r in results
        if not r.passed
    ]
    version = known[table.key][facts.VERSION]
    return {"of": basis, "wrong": wrong, "version": version, "rules": own_code.basis(*_rules(table))}


def unjudged(table: Table, known: Mapping[str, facts.Notes]) -> str | None:
    """What is true, as SQL, of the rows that were not judged by the same rules before; None: all have to be.

    That is so where all that was expected of a version of the table was found, and only rows since a day differ from
    it. Rows without a day are looked at each time.
    """
    noted = known.get(table.key, {})
    kept = noted.get(facts.CHECKED)
    if not kept or kept["wrong"] or kept.get("rules") != own_code.basis(*_rules(table)):
        return None
    if kept["version"] == noted.get(facts.VERSION):
        return NOTHING
    if kept["version"] != noted.get(facts.BEFORE):
        return None
    first = date.fromisoformat(noted[facts.SINCE])
    if table.dated:
        return _since(table.dated.column, first)
    # Whatever the time zone, an instant is less than a day from the beginning of its day.
    return _since(OCCURRED[table.key], first - timedelta(days=1)) if table.key in OCCURRED else None


def _since(column: str, first: date) -> str:
    name = identifier(column)
    return "(" + name + " >= date " + literal(first.isoformat()) + " or " + name + " is null)"


def _again(result: Result, unmet: Unmet) -> Result:
    return replace(result, passed=False, unexpected_count=unmet["rows"], examples=tuple(unmet["examples"]))


def _basis(table: Table, known: Mapping[str, facts.Notes]) -> str | None:
    """What the results depend on: expectations, code, the versions of the tables; None where one of these has none."""
    tables = sorted({table.key, *(key for expectation in _expectations(table) for key in expectation.reads)})
    versions = [known.get(key, {}).get(facts.VERSION) for key in tables]
    if None in versions:
        return None
    return own_code.basis(*_rules(table), *map(str, versions))


def _rules(table: Table) -> list[str]:
    """All that is expected of the table."""
    return [repr(expectation) for expectation in _expectations(table)]


def _expectations(table: Table) -> list[Expectation]:
    return [*contract(table.key), *meanings(table.key)]
