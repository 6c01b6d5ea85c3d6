"""Suites as Dagster sees them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

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

from checks.build import CONTRACT, blocking_check_keys, build_checks, check_results
from checks.model import suites
from checks.runner import clean as clean_results
from fellowship_pipeline.contracts import TABLE_BY_KEY, TABLES
from fellowship_pipeline.program.types import Language

from . import world

pytestmark = pytest.mark.slow

CHECKS = build_checks("en", last=["kpi.seats"])
SPECS = {(tuple(spec.asset_key.path), spec.name): spec for check in CHECKS for spec in check.check_specs}


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
    expected = {((table.schema, table.name), CONTRACT) for table in TABLES}
    expected |= {(tuple(key.split(".")), e.name) for key, expectations in suites().items() for e in expectations}
    assert SPECS.keys() == expected


def test_checks_that_block_publication_say_so_and_dagster_says_it_where_it_stops_nothing_else() -> None:
    blocking = {(tuple(key.path), name) for key, name in blocking_check_keys()}
    assert blocking == {key for key, spec in SPECS.items() if spec.metadata["blocks_publication"]}
    assert (("kpi", "seats"), "held_end_is_held_start_and_what_changed") in blocking
    assert (("raw", "files"), "every_record_is_staged_rejected_superseded_or_ignored") in blocking
    assert (("kpi", "seats"), "the_latest_month_is_not_over_committed") not in blocking
    assert {key for key, spec in SPECS.items() if spec.blocking} == {
        key for key in blocking if key[0] == ("kpi", "seats")
    }


@pytest.mark.parametrize(
    ("language", "blocks", "warns"),
    [
        (
            "en",
            "Idle seats are those bought, less held and offered ones. Until this is so, nothing new is published.",
            "No more seats are held and offered than were bought. Where it is not so, that is said as a warning.",
        ),
        (
            "ko",
            "빈 좌석은 산 좌석에서 보유한 것과 초대 중인 것을 뺀 수입니다. 그렇지 않으면 새로 공개하지 않습니다.",
            "보유하거나 초대한 좌석이 산 좌석을 넘지 않습니다. 그렇지 않으면 경고로 알립니다.",
        ),
    ],
)
def test_a_check_says_in_one_language_what_is_so_and_what_follows(language: Language, blocks: str, warns: str) -> None:
    specs = [spec for check in build_checks(language) for spec in check.check_specs]
    said = {spec.name: spec.description for spec in specs if spec.asset_key == AssetKey(["kpi", "seats"])}
    assert said["idle_is_capacity_less_held_and_invited"] == blocks
    assert said["the_latest_month_is_not_over_committed"] == warns


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
        run = materialize([seats, *CHECKS], resources=resources, selection=[AssetKey(["kpi", "seats"])])
    finally:
        world.put(clean, "kpi.seats")
    found = {evaluation.check_name: evaluation for evaluation in run.get_asset_check_evaluations()}
    assert found.keys() == {name for key, name in SPECS if key == ("kpi", "seats")}
    assert run.success, "a blocking check that fails ends no step"

    committed = found["the_latest_month_is_not_over_committed"]
    assert (committed.passed, committed.severity) == (False, AssetCheckSeverity.WARN)
    assert committed.metadata["rows_wrong"].value == 1
    assert committed.metadata["examples"].value == [{"month": "2022-02-01"}], "which row, and no figure of it"
    assert committed.description == (
        "More seats are held or offered than were bought. Withdraw invitations, or correct `seats` in program.yaml."
    )

    contract = found[CONTRACT]
    assert (contract.passed, contract.severity) == (False, AssetCheckSeverity.ERROR)
    assert contract.description == "kpi.seats.accepted is outside 0 to ∞."
    sound = found["utilization_is_held_end_by_capacity"]
    assert (sound.passed, sound.description) == (True, "Utilization is held by bought seats.")
    assert "rows_wrong" not in sound.metadata


def test_what_nobody_could_find_out_is_said_as_that() -> None:
    table = TABLE_BY_KEY["kpi.seats"]
    broken = [replace(result, passed=False, is_error=True, error="BinderException") for result in clean_results(table)]
    [first, *_] = check_results(table, broken, "en")
    assert first.description == (
        "Whether this is so could not be found out: Columns, types and values of kpi.seats are those of its contract, "
        "and no two rows are of one month × pool."
    )
    assert first.metadata["error"].value == "BinderException"


@pytest.mark.parametrize(("key", "is_told"), [("raw.files", True), ("ops.waiting_applicants", False)])
def test_how_many_rows_are_wrong_is_said_where_that_is_no_figure_of_persons(key: str, is_told: bool) -> None:
    table = TABLE_BY_KEY[key]
    wrong = [replace(result, passed=False, unexpected_count=3) for result in clean_results(table)]
    told = list(check_results(table, wrong, "en"))[-1].metadata
    assert ("rows_wrong" in told) == is_told
