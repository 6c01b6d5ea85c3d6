"""Suites as Dagster asset checks: what Dagster knows of an expectation, and how its result is shown.

Belongs here: specs, severities, metadata. Does not belong here: running an expectation (``runner``), or what a failed
check stops: nothing here blocks a step; ``publication`` reads the latest results and refuses by itself.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import duckdb
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckKey,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    MetadataValue,
    multi_asset_check,
)

from checks.contract import contract
from checks.model import Bilingual, Expectation, meanings
from checks.remembered import remember, remembered, unjudged
from checks.runner import EXAMPLES, Result, run_suites
from fellowship_pipeline.contracts import TABLE_BY_KEY, TABLES, Table
from fellowship_pipeline.warehouse import facts

POOL = "warehouse"
"""The concurrency pool of everything that opens the warehouse."""

CONTRACT = "contract"
"""The one check that stands for everything a table's contract says."""


def asset_key(table_key: str) -> AssetKey:
    """The asset that a table is."""
    return AssetKey(table_key.split("."))


def _spec(table: Table, name: str, words: Bilingual, is_critical: bool, reads: frozenset[str]) -> AssetCheckSpec:
    return AssetCheckSpec(
        name,
        asset=asset_key(table.key),
        description=f"{words.en} · {words.ko}",
        additional_deps=[asset_key(key) for key in sorted(reads - {table.key})],
        metadata={"blocks_publication": is_critical},
    )


def _contract_words(table: Table) -> Bilingual:
    return Bilingual(
        en=f"{table.key} is not what its contract says: columns, types, grain, never-NULL, vocabularies, bounds.",
        ko=f"{table.key}이 계약(열, 자료형, 고유 키, 필수값, 어휘, 범위)과 다릅니다.",
    )


def _specs(table: Table) -> list[AssetCheckSpec]:
    derived = frozenset(key for expectation in contract(table.key) for key in expectation.reads)
    return [
        _spec(table, CONTRACT, _contract_words(table), True, derived),
        *(_spec(table, e.name, e.words, e.severity == "critical", e.reads) for e in meanings(table.key)),
    ]


def _state(results: list[Result]) -> str:
    if all(result.passed for result in results):
        return "passed"
    return "could not be evaluated" if any(result.is_error for result in results) else "failed"


def _check_result(table: Table, name: str, words: Bilingual, results: list[Result]) -> AssetCheckResult:
    """One check's result, of one expectation or of all that the contract says."""
    wrong = [result for result in results if not result.passed]
    is_critical = any(result.severity == "critical" for result in results)
    metadata: dict[str, Any] = {
        "state": _state(results),
        "blocks_publication": any(result.severity == "critical" for result in results),
        "where_to_look": f"{words.en} · {words.ko}",
    }
    counts = [result.unexpected_count for result in wrong if result.unexpected_count is not None]
    if counts:
        metadata["rows_wrong"] = sum(counts)
    if name == CONTRACT and wrong:
        metadata["broken"] = MetadataValue.md("\n".join(f"- {result.words.en}" for result in wrong))
    examples = [dict(example) for result in wrong for example in result.examples][:EXAMPLES]
    if examples:
        metadata["examples"] = MetadataValue.json(examples)
    errors = sorted({result.error for result in wrong if result.error})
    if errors:
        metadata["error"] = "\n".join(errors)
    return AssetCheckResult(
        passed=not wrong,
        asset_key=asset_key(table.key),
        check_name=name,
        severity=AssetCheckSeverity.ERROR if is_critical else AssetCheckSeverity.WARN,
        description=words.en if wrong else None,
        metadata=metadata,
    )


def check_results(table: Table, results: list[Result]) -> Iterator[AssetCheckResult]:
    """A table's results as Dagster shows them: the contract as one check, each meaning as its own."""
    derived = [result for result in results if result.kind == "contract"]
    yield _check_result(table, CONTRACT, _contract_words(table), derived)
    for result in results:
        if result.kind == "meaning":
            yield _check_result(table, result.name, result.words, [result])


def _results(con: duckdb.DuckDBPyConnection, tables: list[Table]) -> dict[str, list[Result]]:
    """By table key the results of tables, found again only where anything that they depend on has changed.

    Of a table that differs from a day on, what is said of single rows is asked of those.
    """
    known = facts.known(con)
    kept = {table.key: remembered(table, known) for table in tables}
    stale = [table for table in tables if kept[table.key] is None]
    found = run_suites(con, stale, {table.key: unjudged(table, known) for table in stale})
    remember(con, found, known)
    return {key: found[key] if results is None else results for key, results in kept.items()}


def _checks(schema: str, tables: tuple[Table, ...]) -> AssetChecksDefinition:
    """The checks of a layer in one step: Dagster takes longer over a step than Great Expectations over a table."""

    @multi_asset_check(
        name=f"check_{schema}",
        specs=[spec for table in tables for spec in _specs(table)],
        can_subset=True,
        required_resource_keys={"warehouse"},
        op_tags={"dagster/priority": "10"},
        pool=POOL,
    )
    def check(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        wanted = context.selected_asset_check_keys
        with context.resources.warehouse.connect() as con:
            chosen = [table for table in tables if any(key.asset_key == asset_key(table.key) for key in wanted)]
            for key, results in _results(con, chosen).items():
                for result in check_results(TABLE_BY_KEY[key], results):
                    if AssetCheckKey(asset_key(key), str(result.check_name)) in wanted:
                        yield result

    return check


def build_checks() -> list[AssetChecksDefinition]:
    """The checks of every table, a step per layer; they ask for a resource ``warehouse`` with ``connect()``."""
    layers = groupby(sorted(TABLES, key=lambda table: table.schema), key=lambda table: table.schema)
    return [_checks(schema, tuple(tables)) for schema, tables in layers]


def check_words() -> dict[tuple[AssetKey, str], dict[str, str]]:
    """By asset key and name of every check: what it means when it fails, by language."""
    found = {(asset_key(table.key), CONTRACT): _contract_words(table) for table in TABLES}
    found |= {(asset_key(table.key), e.name): e.words for table in TABLES for e in meanings(table.key)}
    return {key: words.model_dump() for key, words in found.items()}


def blocking_check_keys() -> set[tuple[AssetKey, str]]:
    """Asset key and name of every check that must have passed before anything is published."""

    def names(expectations: tuple[Expectation, ...]) -> list[str]:
        return [CONTRACT, *(e.name for e in expectations if e.severity == "critical")]

    return {(asset_key(table.key), name) for table in TABLES for name in names(meanings(table.key))}
