"""What surrounds a home, told from plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fellowship_pipeline.doctor import machine
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.forgetting.key import VARIABLE, read_or_make_key
from fellowship_pipeline.forgetting.names import Tombstone
from fellowship_pipeline.health import Finding
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.backups import LastBackup
from fellowship_pipeline.program.engine import Spark


def lines(found: object) -> list[str]:
    return [one.line() for one in found]  # type: ignore[attr-defined]


def test_packages_are_held_against_what_is_asked_for() -> None:
    there = {"dagster": "1.13.27", "pandas": "3.0.0", "adlfs": None}
    asked = ["dagster==1.13.27", "pandas<3", "pyarrow", 'adlfs; extra == "azure"', 'pyspark>=4.0; extra == "spark"']
    assert lines(machine.versions(asked, there.get)) == [
        "pandas: is 3.0.0, where <3 is asked for; install it anew: pip install 'pandas<3'",
        "pyarrow: is not installed; install it anew: pip install 'pyarrow'",
    ]
    of_spark = lines(machine.versions(asked[4:], there.get, {"spark"}))
    assert of_spark == ["pyspark: is not installed; install it anew: pip install 'pyspark>=4.0'"]


def test_another_python_than_is_tried_is_named() -> None:
    assert lines(machine.python(">=3.11,<3.12", "3.11.9")) == []
    (said,) = lines(machine.python(">=3.11,<3.12", "3.13.1"))
    assert said.startswith("Python: is 3.13.1, where >=3.11,<3.12 is tried; ")


def test_a_disk_is_small_beside_a_second_warehouse() -> None:
    assert lines(machine.room((1 << 30) + 200, 100)) == []
    assert lines(machine.room((1 << 30) + 199, 100)) == [
        "HOME: 1,073,742,023 bytes are free on its disk, where 1,073,742,024 let it run for months; "
        "make room, or move the home to a larger disk"
    ]


def test_large_records_of_dagster_are_said_with_the_key_that_makes_them_small() -> None:
    assert lines(machine.records(1 << 30, 90)) == []
    (said,) = lines(machine.records((1 << 30) + 1, 90))
    assert said.startswith("dagster: Dagster's records take 1,073,741,825 bytes; `dagster: {keep_runs: N}`")


@pytest.fixture
def erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home in which somebody was erased, with its key in ``key``."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "keys" / "key"))
    read_or_make_key()
    home = Home(tmp_path / "home")
    home.state.mkdir(parents=True)
    tombstones.learn(home, [Tombstone("ab" * 32, "name", 1)])
    return home


def test_a_key_is_missed_only_where_somebody_was_erased(erased: Home, tmp_path: Path) -> None:
    assert list(machine.key(erased)) == []
    (tmp_path / "keys" / "key").unlink()
    (found,) = machine.key(erased)
    assert found.line() == (
        f"tombstones.jsonl: the pseudonym key {tmp_path}/keys/key cannot be read: No such file or directory; "
        f"restore it or set {VARIABLE}; until then no run reads a file"
    )
    assert list(machine.key(Home(tmp_path / "other"))) == []


def test_a_key_that_others_may_read_is_named(erased: Home, tmp_path: Path) -> None:
    (tmp_path / "keys" / "key").chmod(0o644)
    (found,) = machine.key(erased)
    assert "is open to others (mode 0644)" in found.problem and "chmod 600 it" in found.remedy


def test_a_backup_is_missed_only_where_there_were_some() -> None:
    last = LastBackup(Path("/backups"), datetime(2026, 11, 20, 2, 30, tzinfo=UTC), 30)
    assert lines(machine.backups(None, last.made)) == []
    assert lines(machine.backups(last, last.made + timedelta(days=7))) == []
    assert lines(machine.backups(last, last.made + timedelta(days=8, hours=1))) == [
        "backup: the last was made on 2026-11-20, 8 days ago; `fellowship backup HOME /backups`, and see why none was"
    ]


def nobody(address: str) -> None:
    raise UserError(f"{address}: nobody answers")


def test_a_spark_that_does_not_answer_and_a_folder_that_is_not_there_are_two_findings(tmp_path: Path) -> None:
    where = Spark(remote="sc://nowhere", storage=str(tmp_path / "shared"))
    found: list[Finding] = list(machine.spark(where, nobody))
    assert [one.problem for one in found] == [
        "sc://nowhere: nobody answers",
        f"the folder {tmp_path}/shared is not there, or cannot be written",
    ]
    (tmp_path / "shared").mkdir()
    assert list(machine.spark(where, lambda address: None)) == []
