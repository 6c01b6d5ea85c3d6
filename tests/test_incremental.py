"""Whatever comes, changes or goes: run upon run gives the tables of one run over all that is left."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.core.settings import build_settings, write_decisions, write_settings
from assets.models import build_tables
from assets.raw.texts import build_texts
from assets.resources import RunProgram, WarehouseResource
from assets.sql import made_tables, run_models
from assets.staging.rows import build_rows
from fellowship_pipeline.contracts import STAGING_TABLES
from fellowship_pipeline.forgetting import erasure
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import load_program
from fellowship_pipeline.warehouse import connect
from tests.intake.homes import Place

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]

SOURCES = {
    name: [{"files": f"landing/{name}*.csv"}]
    for name in ("activity", "completions", "roster", "aliases", "seat_events")
}
SETTINGS: dict[str, Any] = {
    "cohorts": [{"id": "c", "starts_on": date(2022, 1, 1), "ends_on": date(2022, 6, 30)}],
    "seats": [{"pool": "p", "from": date(2022, 1, 1), "capacity": 5}],
    "review": {"rules": [{"id": "xp", "from": "2022-02", "minimum_xp": 60}]},
}
FIRST, DAYS = date(2022, 1, 3), 75
MEMBERS = [f"m{number}" for number in range(6)]
HEADER = "member,occurred_at,course,xp\n"
ASSETS = [build_texts(), build_rows(), build_settings(), build_tables({})]
COMPARED = [table.key for table in STAGING_TABLES] + list(made_tables())


class Program:
    """A home into which exports come, run after run."""

    def __init__(self, place: Place, random_: random.Random) -> None:
        self.place, self.random, self.number = place, random_, 0
        self.last = FIRST + timedelta(days=DAYS)
        self.erased: set[str] = set()
        place.path.mkdir()
        place.configure(SOURCES, **SETTINGS)
        roster = "".join(f"{member},c,{member}@x.org,g{index % 2}\n" for index, member in enumerate(MEMBERS))
        seats = "".join(f"{member},{event},2022-01-0{day}\n" for member in MEMBERS for event, day in SEATED)
        days = (FIRST + timedelta(days=day) for day in range(DAYS))
        place.land({"roster.csv": "member,cohort,email,study_group\n" + roster})
        place.land({"seat_events.csv": "member,event,occurred_at\n" + seats})
        place.land({"activity.csv": HEADER + "".join(self.line(day) for day in days for _ in range(2))})
        self.complete()

    def line(self, day: date, name: str | None = None) -> str:
        who = name or self.random.choice([*MEMBERS, *(f"{member.upper()}@X.org" for member in MEMBERS), "kim"])
        hour, course, xp = self.random.randrange(24), self.random.choice("xyz"), self.random.choice([10, 30])
        return f"{who},{day}T{hour:02}:00:00,{course},{xp}\n"

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange(DAYS))

    def land(self, source: str, header: str, lines: list[str]) -> None:
        self.number += 1
        self.place.land({f"{source}-{self.number}.csv": header + "".join(lines)})

    def next_day(self) -> None:
        self.last += timedelta(days=1)
        self.land("activity", HEADER, [self.line(self.last) for _ in range(4)])

    def late_row(self) -> None:
        self.land("activity", HEADER, [self.line(self.day())])

    def correct(self) -> None:
        """The first export as it lies is exchanged for one in which a row says something else."""
        file = self.place.home.landing / "activity.csv"
        lines = file.read_text().splitlines(keepends=True)
        index = self.random.randrange(1, len(lines))
        lines[index] = lines[index].replace(",10\n", ",20\n").replace(",30\n", ",40\n")
        file.write_text("".join(lines))

    def alias(self) -> None:
        """A name of nobody is somebody's."""
        self.land("aliases", "member,kind,value\n", [f"{self.random.choice(self.members())},name,kim\n"])

    def withdraw(self) -> None:
        files = [file for file in self.place.ledger.state().listed() if file.status == "loaded"]
        extra = [file for file in files if "-" in file.path]
        if extra:
            self.place.ledger.decide("withdraw", self.random.choice(extra).id)

    def complete(self) -> None:
        line = f"{self.random.choice(self.members())},x,{self.day()}\n"
        self.land("completions", "member,course,completed_at\n", [line])

    def reclaim(self) -> None:
        member, event = self.random.choice(self.members()), self.random.choice(["reclaimed", "accepted"])
        self.land("seat_events", "member,event,occurred_at\n", [f"{member},{event},{self.day()}\n"])

    def erase(self) -> None:
        member = self.random.choice(self.members())
        home, program = self.place.home, self.place.program()
        with hold(home.state, 0):
            erasure.erase(home, program, erasure.plan(home, program, member), lambda: bool(run(home)), landing=True)
        self.erased.add(member)

    def members(self) -> list[str]:
        return [member for member in MEMBERS if member not in self.erased]


SEATED = (("invited", 4), ("accepted", 5))
CHANGES: list[Callable[[Program], None]] = [
    Program.next_day, Program.late_row, Program.correct, Program.alias, Program.withdraw, Program.complete,
    Program.reclaim, Program.next_day, Program.erase,
]  # fmt: skip


def run(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table after a run of all that is made of files and tables."""
    resources = {
        "program": RunProgram(str(home.path)),
        "warehouse": WarehouseResource(home=str(home.path), is_locked=True),
    }
    with dg.DagsterInstance.ephemeral() as instance:
        assert dg.materialize(ASSETS, resources=resources, instance=instance).success
    with connect(home.warehouse, read_only=True) as con:
        return {key: con.table(key).order("all").fetchall() for key in COMPARED}


def anew(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """The same of everything that is left, in a warehouse of its own."""
    program = load_program(home.path)
    with connect(None) as con:
        read_into(con, home, program)
        stage(con, program)
        write_settings(con, program, None)
        write_decisions(con, home)
        run_models(con)
        return {key: con.table(key).order("all").fetchall() for key in COMPARED}


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("seed", "smallest"), [(0, 0), (1, 1 << 20)], ids=["typed", "text"])
def test_run_upon_run_gives_what_one_run_over_all_of_it_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, smallest: int
) -> None:
    monkeypatch.setattr(loading, "SMALLEST", smallest)
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(tmp_path / "key"))
    chance = random.Random(seed)
    program = Program(Place(tmp_path / "home"), chance)
    home, steps = program.place.home, ["first"]
    for change in [None, *chance.sample(CHANGES, len(CHANGES))]:
        if change:
            change(program)
            steps.append(change.__name__)
        with hold(home.state, 0):
            made = run(home)
        expected = anew(home)
        assert {key for key in COMPARED if made[key] != expected[key]} == set(), " → ".join(steps)
