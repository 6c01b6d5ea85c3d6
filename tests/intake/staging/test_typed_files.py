"""Typed files beside others, from run to run: the tables are those of one run in which all files are text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.warehouse import connect, facts
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

HEADER = "member,occurred_at,course,kind,xp\n"
ROSTER = "member,cohort,email\np1,c,m1@x.org\np2,c,\n"
ALIASES = "member,kind,value\np2,name,m2\n"
FIRST = [
    "m1@x.org,2022-03-01T03:00:00Z,R,exercise,10\n",
    "m2,2022-03-02T03:00:00Z,R,exercise,20\n",
    "m2,2022-03-02T03:00:00Z,R,exercise,20\n",
    "m3,2022-03-03T03:00:00Z,R,exercise,30\n",
    "m3,2022-03-09T03:00:00Z,R,exercise,40\n",
]
LARGE = 200
"""Bytes from which on a file is large in a mixed program."""

TABLES = {
    "staging.activity": "*",
    "raw.files": "file_id, rows, staged, rejected, superseded, restated, ignored, status, reason, exported_at,"
    " covers_from, covers_to, needs_look",
    "raw.rejects": "*",
    "raw.days": "file_id, day",
    "ops.unmatched": "*",
}
DAYS = "select day, list((file_id, version) order by file_id) from raw.days group by day"
ROWS = """
select local_day(occurred_at, 'Asia/Seoul') as day, list(rows order by rows::text)
from staging.activity as rows group by day
"""


class Runs:
    """Successive runs of a home in warehouses that are kept: of all files typed, and of large ones alone."""

    def __init__(self, place: Place, kept: dict[int, duckdb.DuckDBPyConnection], patch: pytest.MonkeyPatch) -> None:
        self.place = place
        self.kept = kept
        self.patch = patch
        self.before: dict[int, tuple[dict[Any, Any], dict[Any, Any], str]] = {}
        place.configure({name: [{"files": f"landing/{name}*.csv"}] for name in ("activity", "roster", "aliases")})

    def run(self, files: dict[str, list[str] | str | None], withdrawn: str | None = None) -> list[tuple[Any, ...]]:
        """What became of the files of activity, by their names: staged, superseded, restated."""
        self.place.land(
            {n: r if isinstance(r, str) else HEADER + "".join(r) for n, r in files.items() if r is not None}
        )
        self.place.take_in()
        if withdrawn is not None:
            self.place.ledger.decide("withdraw", withdrawn)
        with connect(None) as con:
            expected = self._tables(con, 1 << 40)
        for smallest, con in self.kept.items():
            assert self._tables(con, smallest) == expected
            self._compare_versions(con, smallest)
        query = "select staged, superseded, restated from raw.files where source = 'activity' order by path"
        return con.execute(query).fetchall()

    def _tables(self, con: duckdb.DuckDBPyConnection, smallest: int) -> dict[str, list[tuple[Any, ...]]]:
        self.patch.setattr(loading, "SMALLEST", smallest)
        program = self.place.program()
        read_into(con, self.place.home, program)
        stage(con, program)
        return {key: con.execute(f"select {c} from {key} order by all").fetchall() for key, c in TABLES.items()}

    def _compare_versions(self, con: duckdb.DuckDBPyConnection, smallest: int) -> None:
        """Where rows are others, their day and the whole have another version; where nothing is, the same."""
        rows, days = (dict(con.execute(query).fetchall()) for query in (ROWS, DAYS))
        whole = facts.of_rows(con, TABLE_BY_KEY["staging.activity"])
        if smallest in self.before:
            rows_before, days_before, whole_before = self.before[smallest]
            changed = {day for day in rows.keys() | rows_before.keys() if rows.get(day) != rows_before.get(day)}
            assert changed <= {d for d in days.keys() | days_before.keys() if days.get(d) != days_before.get(d)}
            assert not changed or whole != whole_before
            assert whole == whole_before or days != days_before
        self.before[smallest] = rows, days, whole


@pytest.fixture
def runs(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    with ExitStack() as opened:
        kept = {smallest: opened.enter_context(connect(None)) for smallest in (0, LARGE)}
        yield Runs(place, kept, monkeypatch)


@pytest.fixture
def first(runs: Runs) -> Runs:
    """After the run of a large file."""
    assert runs.run({"activity1.csv": FIRST, "roster.csv": ROSTER, "aliases.csv": ALIASES}) == [(5, 0, 0)]
    return runs


def views(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {
        name for (name,) in con.execute("select view_name from duckdb_views() where schema_name = 'staging'").fetchall()
    }


MORE: dict[str, tuple[list[str], list[tuple[int, int, int]]]] = {
    "the next day": (["m1@x.org,2022-03-10T03:00:00Z,R,exercise,5\n"], [(5, 0, 0), (1, 0, 0)]),
    "late, in between": (
        ["m1@x.org,2022-03-02T04:00:00Z,R,exercise,5\n", "m1@x.org,2022-03-11T03:00:00Z,R,exercise,5\n"],
        [(5, 0, 0), (2, 0, 0)],
    ),
    "another instant alike": (["m9,2022-03-02T03:00:00Z,R,exercise,20\n"], [(5, 0, 0), (1, 0, 0)]),
    "the same facts again": ([FIRST[4], "m3,2022-03-10T03:00:00Z,,,1\n"], [(4, 1, 0), (2, 0, 0)]),
    "restated": (["m2,2022-03-02T03:00:00Z,R,exercise,21\n", FIRST[4], "m3,2022-03-10,,,\n"], [(2, 3, 0), (3, 0, 2)]),
    "older and less": (["m2,2022-03-02T03:00:00Z,R,exercise,21\n"], [(5, 0, 1), (0, 1, 0)]),
    "under another name of the person": (
        ["p2,2022-03-02T03:00:00Z,R,exercise,20\n", "p1,2022-03-10,,,\n"],
        [(3, 2, 0), (2, 0, 0)],
    ),
    "with a value that breaks a rule": (["m1@x.org,2022-03-10,R,exercise,x\n", FIRST[0]], [(5, 0, 0), (0, 1, 0)]),
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("more", MORE)
def test_a_small_file_beside_a_large_one(first: Runs, more: str) -> None:
    rows, fates = MORE[more]
    assert first.run({"activity2.csv": rows}) == fates
    assert all(views(con) == {"activity"} for con in first.kept.values())
    assert first.run({}) == fates


def test_a_second_large_file_of_the_same_time_and_a_small_one_over_both(first: Runs) -> None:
    second = [*FIRST[3:], *(f"m{at},2022-03-05T0{at}:00:00Z,R,exercise,{at}\n" for at in range(5))]
    second.append("m1@x.org,2022-03-20T03:00:00Z,R,exercise,1\n")
    assert first.run({"activity2.csv": second}) == [(3, 2, 0), (8, 0, 0)]
    third = [FIRST[0].replace(",10", ",11"), second[-1].replace(",1\n", ",2\n"), "m1@x.org,2022-03-21,,,\n"]
    assert first.run({"activity3.csv": third}) == [(2, 3, 0), (7, 1, 0), (3, 0, 2)]


def test_names_that_become_somebodys_or_others(first: Runs) -> None:
    first.run({"activity2.csv": MORE["restated"][0]})
    first.run({"aliases2.csv": "member,kind,value\np2,name,m3\n"})
    first.run({"roster.csv": ROSTER.replace("m1@x.org", "m3")})
    first.run({"roster.csv": ROSTER + "m2,c,\n"})


@pytest.mark.parametrize("gone", ["activity1.csv", "activity2.csv"])
def test_a_file_that_is_withdrawn_replaces_nothing(first: Runs, gone: str) -> None:
    first.run({"activity2.csv": MORE["restated"][0]})
    (con, *_) = first.kept.values()
    ((file_id,),) = con.execute("select file_id from raw.files where ends_with(path, ?)", [gone]).fetchall()
    first.run({}, withdrawn=file_id)
    first.run({"activity3.csv": MORE["the next day"][0]})


def test_a_version_of_the_large_file_in_its_place(first: Runs) -> None:
    first.run({"activity2.csv": MORE["restated"][0]})
    first.run({"activity1.csv": [*FIRST, "m3,2022-03-08T03:00:00Z,R,exercise,4\n"]})
    first.run({"activity1.csv": [*FIRST[1:], *(f"m3,2022-04-0{at},R,,\n" for at in range(1, 9))]})


def test_accounts_that_are_left_out_from_now_on_and_no_longer(first: Runs) -> None:
    settings: Callable[..., None] = first.place.configure
    sources = {name: [{"files": f"landing/{name}*.csv"}] for name in ("activity", "roster", "aliases")}
    first.run({"activity2.csv": MORE["restated"][0]})
    settings(sources, excluded=["p2"])
    first.run({})
    settings(sources)
    first.run({})


def test_without_a_roster_names_are_their_own(place: Place, runs: Runs) -> None:
    runs.run({"activity1.csv": FIRST})
    runs.run({"activity2.csv": MORE["restated"][0]})


INSTANTS = st.sampled_from([f"2022-03-0{day}T0{hour}:00:00Z" for day in range(1, 5) for hour in (1, 2)])
LINES = st.builds("{},{},{},,{}\n".format, st.sampled_from(["m1@x.org", "p1", "m2", "p2", "m3", "M3"]), INSTANTS,
                  st.sampled_from(["R", ""]), st.integers(0, 3))  # fmt: skip


@given(st.lists(st.lists(LINES, min_size=1, max_size=12), min_size=2, max_size=4))
@settings(max_examples=10, deadline=None)
def test_whatever_files_come_one_after_the_other(files: list[list[str]]) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder, ExitStack() as opened:
        kept = {smallest: opened.enter_context(connect(None)) for smallest in (0, LARGE)}
        runs = Runs(Place(Path(folder)), kept, patch)
        naming: dict[str, list[str] | str | None] = {"roster.csv": ROSTER, "aliases.csv": ALIASES}
        for number, rows in enumerate(files):
            runs.run({f"activity{number}.csv": rows} | naming)
