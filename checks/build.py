"""Suites as Dagster asset checks: what Dagster knows of an expectation, and how its result is shown.

A check reads in one language, the program's: what is so where it passes, what is wrong and where to look where it does
not. Belongs here: specs, severities, metadata. Does not belong here: running an expectation (``runner``), or what a
failed check stops: nothing here ends a step; ``publication`` reads the latest results and refuses by itself.
"""

from collections.abc import Collection, Iterator
from typing import Any

import duckdb
from dagster import (
    AssetCheckEvaluation,
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
from dagster._core.execution.context.system import StepExecutionContext
from dagster_shared.record import replace

from checks.contract import contract
from checks.model import Bilingual, Expectation, meanings
from checks.remembered import remember, remembered, unjudged
from checks.runner import EXAMPLES, Result, run_suites
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.contracts import TABLE_BY_KEY, TABLES, Table
from fellowship_pipeline.contracts.counted import is_counted
from fellowship_pipeline.program.types import Language
from fellowship_pipeline.warehouse import facts

CONTRACT = "columns_and_values_are_as_declared"
"""The one check that stands for everything a table's contract says."""

CHECK_FIRST, CHECK_LAST = "check_what_came", "check_what_is_made"
"""The steps: of what tables are made of, and of the tables that only the publication waits for."""

STOPS = Bilingual(en="Until this is so, nothing new is published.", ko="그렇지 않으면 새로 공개하지 않습니다.")
WARNS = Bilingual(en="Where it is not so, that is said as a warning.", ko="그렇지 않으면 경고로 알립니다.")
UNKNOWN = Bilingual(en="Whether this is so could not be found out:", ko="다음을 확인하지 못했습니다:")


class _Told(AssetCheckResult):
    """A result that ends no step, blocking or not.

    Of a check that blocks and fails, Dagster would end the step with all its results, and skip the publication without
    a word of its own.
    """

    def to_asset_check_evaluation(self, step_context: StepExecutionContext) -> AssetCheckEvaluation:
        return replace(super().to_asset_check_evaluation(step_context), blocking=False)


def asset_key(table_key: str, apart: Apart = ALONE) -> AssetKey:
    """The asset that a table is."""
    return AssetKey([*apart.prefix, *table_key.split(".")])


def _contract_claim(table: Table) -> Bilingual:
    by = " × ".join(table.grain)
    return Bilingual(
        en=f"Columns, types and values of {table.key} are those of its contract"
        + (f", and no two rows are of one {by}." if by else "."),
        ko=f"{table.key}의 열·자료형·값이 계약과 같" + (f"고, {by}마다 한 행입니다." if by else "습니다."),
    )


def _contract_words(table: Table) -> Bilingual:
    return Bilingual(
        en=f"{table.key} is not what its contract says: columns, types, grain, never-NULL, vocabularies, bounds.",
        ko=f"{table.key}이 계약(열, 자료형, 고유 키, 필수값, 어휘, 범위)과 다릅니다.",
    )


def _claims(table: Table) -> dict[str, Bilingual]:
    """What is so where a check of the table passes, by the check's name."""
    return {CONTRACT: _contract_claim(table), **{e.name: e.claim for e in meanings(table.key)}}


def _specs(table: Table, language: Language, apart: Apart, *, blocks: bool) -> Iterator[AssetCheckSpec]:
    """The table's checks; ``blocks``: those that stop the publication are blocking to Dagster, too."""
    reads = {e.name: e.reads for e in meanings(table.key)}
    reads[CONTRACT] = frozenset(key for expectation in contract(table.key) for key in expectation.reads)
    critical = {CONTRACT, *_critical(meanings(table.key))}
    for name, claim in _claims(table).items():
        follows = STOPS if name in critical else WARNS
        yield AssetCheckSpec(
            name,
            asset=asset_key(table.key, apart),
            description=f"{claim.in_(language)} {follows.in_(language)}",
            additional_deps=[asset_key(key, apart) for key in sorted(reads[name] - {table.key})],
            blocking=blocks and name in critical,
            metadata={"blocks_publication": name in critical},
        )


def _critical(expectations: Collection[Expectation]) -> list[str]:
    return [e.name for e in expectations if e.severity == "critical"]


def _description(claim: str, results: list[Result], language: Language) -> str:
    """What passed, what failed, or what nobody knows."""
    if any(result.is_error for result in results):
        return f"{UNKNOWN.in_(language)} {claim}"
    wrong = [result for result in results if not result.passed]
    return " ".join(dict.fromkeys(result.words.in_(language) for result in wrong)) or claim


def _check_result(table: Table, name: str, results: list[Result], language: Language, apart: Apart) -> AssetCheckResult:
    """One check's result, of one expectation or of all that the contract says."""
    wrong = [result for result in results if not result.passed]
    is_critical = any(result.severity == "critical" for result in results)
    metadata: dict[str, Any] = {"blocks_publication": is_critical}
    counts = [result.unexpected_count for result in wrong if result.unexpected_count is not None]
    if counts and is_counted(table):
        metadata["rows_wrong"] = sum(counts)
    examples = [dict(example) for result in wrong for example in result.examples][:EXAMPLES]
    if examples:
        metadata["examples"] = MetadataValue.json(examples)
    errors = sorted({result.error for result in wrong if result.error})
    if errors:
        metadata["error"] = "\n".join(errors)
    return _Told(
        passed=not wrong,
        asset_key=asset_key(table.key, apart),
        check_name=name,
        severity=AssetCheckSeverity.ERROR if is_critical else AssetCheckSeverity.WARN,
        description=_description(_claims(table)[name].in_(language), results, language),
        metadata=metadata,
    )


def check_results(
    table: Table, results: list[Result], language: Language, apart: Apart = ALONE
) -> Iterator[AssetCheckResult]:
    """A table's results as Dagster shows them: the contract as one check, each meaning as its own."""
    derived = [result for result in results if result.kind == "contract"]
    yield _check_result(table, CONTRACT, derived, language, apart)
    for result in results:
        if result.kind == "meaning":
            yield _check_result(table, result.name, [result], language, apart)


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


def _checks(name: str, tables: list[Table], language: Language, apart: Apart, *, blocks: bool) -> AssetChecksDefinition:
    """The checks of tables in one step: Dagster takes longer over a step than Great Expectations over a table."""

    @multi_asset_check(
        name=name,
        specs=[spec for table in tables for spec in _specs(table, language, apart, blocks=blocks)],
        can_subset=True,
        required_resource_keys={"warehouse"},
        op_tags={"dagster/priority": "10"},
        pool=apart.pool,
    )
    def check(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        wanted = context.selected_asset_check_keys
        with context.resources.warehouse.connect() as con:
            chosen = [table for table in tables if any(key.asset_key == asset_key(table.key, apart) for key in wanted)]
            for key, results in _results(con, chosen).items():
                for result in check_results(TABLE_BY_KEY[key], results, language, apart):
                    if AssetCheckKey(asset_key(key, apart), str(result.check_name)) in wanted:
                        yield result

    return check


def build_checks(
    language: Language = "ko", last: Collection[str] = (), apart: Apart = ALONE
) -> list[AssetChecksDefinition]:
    """The checks of every table; they ask for a resource ``warehouse`` with ``connect()``.

    ``language``: in which they read. ``last``: keys of the tables that no other step makes tables of. Their checks that
    stop the publication are blocking to Dagster, too: were those of the others, Dagster would wait with the tables, and
    in a circle where a check reads such a table.
    """
    first = [table for table in TABLES if table.key not in last]
    rest = [table for table in TABLES if table.key in last]
    return [
        _checks(name, tables, language, apart, blocks=blocks)
        for name, tables, blocks in ((CHECK_FIRST, first, False), (CHECK_LAST, rest, True))
        if tables
    ]


def check_words() -> dict[tuple[AssetKey, str], dict[str, str]]:
    """By asset key and name of every check: what it means when it fails, by language."""
    found = {(asset_key(table.key), CONTRACT): _contract_words(table) for table in TABLES}
    found |= {(asset_key(table.key), e.name): e.words for table in TABLES for e in meanings(table.key)}
    return {key: words.model_dump() for key, words in found.items()}


def blocking_check_keys() -> set[tuple[AssetKey, str]]:
    """Asset key and name of every check that must have passed before anything is published."""

    return {(asset_key(table.key), name) for table in TABLES for name in (CONTRACT, *_critical(meanings(table.key)))}
