"""Suites as Dagster sees them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pytest
from dagster import (
    AssetCheckSeverity,
    AssetKey,
    AssetSpec,
    MaterializeResult,
    ResourceDefinition,
    materialize,
    multi_asset,
)

from checks.build import blocking_check_keys, build_checks
from checks.model import suites
from fellowship_pipeline.contracts import TABLES

from . import world

pytestmark = pytest.mark.slow

SPECS = {(tuple(spec.asset_key.path), spec.name): spec for check in build_checks() for spec in check.check_specs}


@dataclass(frozen=True)
class _Warehouse:
    con: duckdb.DuckDBPyConnection

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        yield self.con


def test_building_the_checks_imports_no_great_expectations() -> None:
    program = (
        "import sys; from checks.build import build_checks; build_checks();"
        " assert 'great_expectations' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_table_has_a_contract_and_every_expectation_of_meaning_its_own_check() -> None:
    expected = {((table.schema, table.name), "contract") for table in TABLES}
    expected |= {(tuple(key.split(".")), e.name) for key, expectations in suites().items() for e in expectations}
    assert SPECS.keys() == expected


def test_checks_that_block_publication_say_so_and_stop_no_step() -> None:
    blocking = {(tuple(key.path), name) for key, name in blocking_check_keys()}
    assert blocking == {key for key, spec in SPECS.items() if spec.metadata["blocks_publication"]}
    assert (("kpi", "seats"), "held_end_is_held_start_and_what_changed") in blocking
    assert (("raw", "files"), "every_record_is_staged_rejected_superseded_or_ignored") in blocking
    assert (("kpi", "seats"), "the_latest_month_is_not_over_committed") not in blocking
    assert not any(spec.blocking for spec in SPECS.values())


def test_a_check_waits_for_the_tables_that_it_reads() -> None:
    recount = SPECS[("raw", "files"), "staged_records_are_those_in_staging"]
    assert AssetKey(["staging", "activity"]) in {dep.asset_key for dep in recount.additional_deps}


def test_results_show_what_is_wrong_and_where_to_look(clean: duckdb.DuckDBPyConnection) -> None:
    @multi_asset(specs=[AssetSpec(AssetKey(["kpi", "seats"]))])
    def seats() -> MaterializeResult[None]:
        return MaterializeResult()

    clean.execute("update kpi.seats set idle = -1, accepted = -1 where month = date '2022-02-01'")
    resources = {"warehouse": ResourceDefinition.hardcoded_resource(_Warehouse(clean))}
    try:
        run = materialize([seats, *build_checks()], resources=resources, selection=[AssetKey(["kpi", "seats"])])
    finally:
        world.put(clean, "kpi.seats")
    found = {evaluation.check_name: evaluation for evaluation in run.get_asset_check_evaluations()}
    assert found.keys() == {name for key, name in SPECS if key == ("kpi", "seats")}
    assert run.success

    committed = found["the_latest_month_is_not_over_committed"]
    assert (committed.passed, committed.severity) == (False, AssetCheckSeverity.WARN)
    assert committed.metadata["rows_wrong"].value == 1
    assert committed.metadata["examples"].value[0]["idle"] == -1
    assert "program.yaml" in str(committed.metadata["where_to_look"].value)

    contract = found["contract"]
    assert (contract.passed, contract.severity) == (False, AssetCheckSeverity.ERROR)
    assert contract.metadata["broken"].value == "- kpi.seats.accepted is outside 0 to ∞."
    assert found["utilization_is_held_end_by_capacity"].passed
