"""A sample of ``benchmarks/orders.py``: the same facts in other files, on other machines."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import orders

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PERMUTATIONS = 3
ELSEWHERE = (
    {"TZ": "America/New_York", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
)


@pytest.mark.fault("E6", "A11", "E1")
def test_the_same_facts_in_other_files_make_the_same_tables(record_figure: Callable[[str, int], None]) -> None:
    assert orders.differing(PERMUTATIONS, seed=2025) == []
    record_figure("permutations of files", PERMUTATIONS)
    record_figure("permutations with other tables", 0)


def test_other_facts_would_be_found() -> None:
    files = orders.plain()
    seats = files["a/seats.csv"].replace(b"lee,accepted,2022-01-07", b"lee,accepted,2022-01-08")
    assert seats != files["a/seats.csv"]
    assert orders.digest(files | {"a/seats.csv": seats}) != orders.digest(files)


@pytest.mark.fault("I8")
def test_no_zone_language_or_number_of_threads_of_the_machine_changes_a_table() -> None:
    """Turkish has another lower case of I than the names of people and columns are compared by."""
    found = {orders.digest(orders.plain(), threads=8)}
    for environment in ELSEWHERE:
        command = [sys.executable, str(ROOT / "benchmarks" / "orders.py"), "--digest", "1"]
        ran = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
        found.add(ran.stdout.strip())
    assert len(found) == 1
