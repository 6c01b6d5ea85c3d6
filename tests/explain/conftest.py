"""A tiny home whose every line is written out, with the tables that a run makes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assets.publication.files import publish
from assets.sql import made_tables
from fellowship_pipeline import warehouse
from fellowship_pipeline.forgetting.reading import forget_and_read
from fellowship_pipeline.home import Home, generations
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.program import load_program
from fellowship_pipeline.release.build import build_release
from tests.truth.harness import make_tables

PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
cohorts:
  - {id: c1, starts_on: 2022-03-01, ends_on: 2022-12-31}
seats:
  - {pool: p, from: 2022-03-01, capacity: 4}
review:
  rules:
    - {id: xp-100, from: 2022-04, study_mode: individual, minimum_xp: 100, first_month: full}
terms:
  - {id: t1, from: 2022-03-01, to: 2022-03-31}
sources:
  roster: [{files: "landing/roster.csv"}]
  seat_events: [{files: "landing/seats.csv"}]
  activity: [{files: "landing/activity*", covers: all}]
"""
ROSTER = """\
member,cohort,name,study_mode,study_group
m1,c1,=Kim,individual,g1
m2,c1,"Lee,
Minji",individual,g1
m3,c1,Park,group,g2
"""
SEATS = """\
member,event,occurred_at,pool
m1,invited,2022-03-01T09:00:00Z,p
m2,invited,2022-03-01T09:00:00Z,p
m3,invited,2022-03-02T09:00:00Z,p
m1,accepted,2022-03-02T09:00:00Z,p
m2,accepted,2022-03-03T09:00:00Z,p
"""
ACTIVITY = """\
member,occurred_at,course,xp
m1,2022-03-05T09:00:00Z,R,60
m2,2022-03-06T09:00:00Z,R,50
m1,2022-03-31T15:30:00Z,R,500
m1,2022-03-20T09:00:00Z,Python,40
m2,2022-04-02T09:00:00Z,R,10
m1,2022-04-30T09:00:00Z,R,5
"""

TABLES = [key for key in made_tables() if key.startswith(("kpi.", "ops."))]

Make = Callable[..., Home]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a home of its own; of ``files`` those that are other than above, of ``program`` words that are."""

    def made(*, program: tuple[str, str] = ("", ""), **files: str | bytes) -> Home:
        return _made(tmp_path / "home", program, files)

    return made


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home as it is above, which is only read."""
    return _made(tmp_path_factory.mktemp("explained") / "home", ("", ""), {})


def _made(path: Path, program: tuple[str, str], files: dict[str, str | bytes]) -> Home:
    home = Home(path)
    home.landing.mkdir(parents=True)
    home.program_file.write_text(PROGRAM.replace(*program), encoding="utf-8")
    landed: dict[str, str | bytes] = {"roster.csv": ROSTER, "seats.csv": SEATS, "activity.csv": ACTIVITY}
    for name, content in (landed | files).items():
        if content:
            (home.landing / name).write_bytes(content.encode() if isinstance(content, str) else content)
    settings = load_program(home.path)
    take_in(home, settings)
    with warehouse.connect(home.warehouse) as con:
        forget_and_read(con, home, settings)
        assert con.execute("select path, status, reason from raw.files where status <> 'loaded'").fetchall() == []
        make_tables(con, settings, TABLES)
    return home


def release(home: Home) -> None:
    """Publishes what the warehouse has."""
    program = load_program(home.path)
    with warehouse.connect(home.warehouse) as con:
        folder = publish(home, "r1", build_release(con, program), {}, {}, program=program)
    generations.show(generations.noted(home), [folder])
