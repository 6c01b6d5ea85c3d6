"""Results that were found of tables as they still are: kept with the table, so that what stands is not checked again.

Belongs here: keeping results and taking them up. Does not belong here: evaluating anything (``runner``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

import duckdb

from checks.contract import contract
from checks.model import meanings
from checks.runner import Result, clean
from fellowship_pipeline import own_code
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.warehouse import facts


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
    return {"of": basis, "wrong": wrong}


def _again(result: Result, unmet: Unmet) -> Result:
    return replace(result, passed=False, unexpected_count=unmet["rows"], examples=tuple(unmet["examples"]))


def _basis(table: Table, known: Mapping[str, facts.Notes]) -> str | None:
    """What the results depend on: expectations, code, the versions of the tables; None where one of these has none."""
    expectations = [*contract(table.key), *meanings(table.key)]
    tables = sorted({table.key, *(key for expectation in expectations for key in expectation.reads)})
    versions = [known.get(key, {}).get(facts.VERSION) for key in tables]
    if None in versions:
        return None
    return own_code.basis(*map(repr, expectations), *map(str, versions))
