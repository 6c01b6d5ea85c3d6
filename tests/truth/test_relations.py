"""What must not change the figures, or must change them in a way that is known before, on programs put together.

The order of rows and their splitting into files are in ``test_laws``, what came bit by bit in ``test_incremental``,
tables made on a cluster in ``tests/engine/test_both.py``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from . import harness
from .generate_joint import together
from .harness import by_intake, by_models, marked
from .oracle import KEYS, Tables
from .oracle_staging import Case, File, Row

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROGRAMS = range(60_000, 60_010)
YEARS = -12
"""So many have leap years where there were such before: whole months, each as long as it was."""

UNBOUNDED = (1, 9999)
"""Years of the days that stand for no beginning and no end."""

A_MONTH = re.compile(r"\b(20\d\d)(-(?:0[1-9]|1[0-2])\b)")
OF_SEATS = ("kpi.adoption", "kpi.engagement", "kpi.seats", "kpi.retention", "ops.at_risk", "kpi.scorecard", "kpi.terms")
OF_REVIEWS = ("ops.seat_reviews", "kpi.review_summary", "kpi.what_if", "ops.seat_offers", "ops.open_invitations")


@cache
def program() -> Case:
    """Ten programs in one, at the end of their months."""
    case = marked(together(PROGRAMS))
    day = max(day for seat in case.settings["seats"] for day in [seat["from"]])
    return replace(case, as_of=case.as_of or day)


@cache
def figures() -> Tables:
    return by_models(program(), KEYS)


def counted(tables: Tables) -> dict[str, Counter[str]]:
    """The rows of each table, whatever their order; doubles that are not told apart are alike."""
    return {
        table: Counter(str({column: _plain(value) for column, value in row.items()}) for row in rows)
        for table, rows in tables.items()
    }


def _plain(value: Any) -> Any:
    return float(f"{value:.12g}") if isinstance(value, float) else value


def test_one_thread_and_eight_make_the_same() -> None:
    assert counted(by_models(program(), KEYS, threads=8)) == counted(figures())


@pytest.mark.sampled(2)
@pytest.mark.parametrize("elsewhere", [{"TZ": "America/New_York", "LC_ALL": "ko_KR.UTF-8"}, {"TZ": "Asia/Kolkata"}])
def test_the_zone_and_the_language_of_the_machine_change_nothing(elsewhere: dict[str, str]) -> None:
    code = f"from {__name__} import counted, figures; print(sorted(map(repr, counted(figures()).items())))"
    said = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **zone}, capture_output=True, check=True
        ).stdout
        for zone in ({"TZ": "UTC", "LC_ALL": "C.UTF-8"}, elsewhere)
    ]
    assert said[0] == said[1]


def test_the_encoding_and_the_line_ends_of_files_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = harness.write_home

    def write_again(case: Case, home: Path) -> None:
        write(case, home)
        for path in (home / "landing").iterdir():
            text = path.read_bytes().decode("utf-8-sig")
            path.write_bytes(text.replace("\n", "\r\n").encode("utf-16"))

    plain = by_intake(program(), tmp_path / "plain", KEYS)
    monkeypatch.setattr(harness, "write_home", write_again)
    assert counted(by_intake(program(), tmp_path / "again", KEYS)) == counted(plain)
    assert plain["ops.seat_reviews"]
    assert counted(plain) == counted(figures())


def test_a_silent_seat_is_a_holder_and_nothing_else() -> None:
    case = program()
    seat = {"member": "m1~60000", "pool": "silent"}
    names = {row["member"] for file in case.files["roster"] for row in file.rows}
    assert "silent~60000" not in names
    roster = case.files["roster"][0]
    begun = min(row["day"] for row in figures()["kpi.engagement"])
    taken = {**seat, "member": "silent~60000", "event": "accepted", "occurred_at": begun.isoformat()}
    member = {"member": "silent~60000", "cohort": "silent", "role": "staff"}
    files = {
        **case.files,
        "roster": (replace(roster, rows=(*roster.rows, member)), *case.files["roster"][1:]),
        "seat_events": (*case.files["seat_events"], File((taken,))),
    }
    with_it = by_models(replace(case, files=files), KEYS)
    apart = ("core.cohort_members", "kpi.community", *OF_SEATS, *OF_REVIEWS)
    same = [table for table in KEYS if table not in apart]
    assert counted({table: with_it[table] for table in same}) == counted({table: figures()[table] for table in same})
    before, now = (
        {row["day"]: row for row in tables["kpi.engagement"] if row["slice_by"] == "all"}
        for tables in (figures(), with_it)
    )
    assert before.keys() == now.keys()
    assert {day: row["holders"] for day, row in now.items()} == {day: r["holders"] + 1 for day, r in before.items()}
    for column in ("active", "active_1d", "active_7d"):
        assert {day: row[column] for day, row in now.items()} == {day: row[column] for day, row in before.items()}
    pools = [[row for row in tables["kpi.seats"] if row["pool"] != "silent"] for tables in (figures(), with_it)]
    assert counted({"kpi.seats": pools[0]}) == counted({"kpi.seats": pools[1]})


def test_shifted_by_whole_months_everything_is_shifted() -> None:
    case = in_utc(program())
    shifted = replace(
        case,
        settings=yaml.safe_load(later(yaml.safe_dump(case.settings, allow_unicode=True))),
        files={source: tuple(map(_later_file, files)) for source, files in case.files.items()},
        as_of=case.as_of and case.as_of.replace(year=case.as_of.year + YEARS),
    )
    expected = {table: [dict(_later_cells(row)) for row in rows] for table, rows in by_models(case, KEYS).items()}
    got = by_models(shifted, KEYS)
    for table in KEYS:
        assert counted({table: got[table]}) == counted({table: expected[table]}), table


def in_utc(case: Case) -> Case:
    """The case in a time zone whose clock never changed."""
    return replace(case, settings={**case.settings, "timezone": "UTC"}, activity={})


def later(text: str) -> str:
    return A_MONTH.sub(lambda found: f"{int(found[1]) + YEARS}{found[2]}", text)


def _later_file(file: File) -> File:
    return replace(file, rows=tuple({name: later(cell) for name, cell in row.items()} for row in file.rows))


def _later_cells(row: Row) -> Iterator[tuple[str, Any]]:
    for column, value in row.items():
        if isinstance(value, (date, datetime)) and value.year not in UNBOUNDED:
            yield column, value.replace(year=value.year + YEARS)
        else:
            yield column, later(value) if isinstance(value, str) else value
