"""A late row of one member: what was published stands, the run says so, until an operator has it published anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.home import Home

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("restate")]

PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
seats: [{pool: p, from: 2022-01-01, capacity: 10}]
sources:
  roster: [{files: landing/roster.csv}]
  seat_events: [{files: landing/seats.csv}]
  activity: [{files: landing/activity*.csv}]
"""
MEMBERS = [f"m{at}" for at in range(10)]
FEBRUARY = "2022-02"
STANDS = "rows of tables still stand as published"


def lines(header: str, form: str) -> str:
    return header + "\n" + "".join(form.format(member) + "\n" for member in MEMBERS)


def active_days(home: Home) -> int:
    """Days of February in what is published of everybody."""
    with duckdb.connect(str(home.release / "kpi.duckdb"), read_only=True) as con:
        query = "select active_days from activity where month = ? and slice_by = 'all'"
        return int(con.execute(query, [date(2022, 2, 1)]).fetchall()[0][0])


def said(capsys: pytest.CaptureFixture[str], home: Home, *options: str) -> str:
    capsys.readouterr()
    assert status(["run", str(home.path), *options]) == 0
    return "".join(capsys.readouterr())


def test_what_stands_is_published_anew_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    home.program_file.write_text(PROGRAM)
    (home.landing / "roster.csv").write_text(lines("member,cohort", "{},c"))
    (home.landing / "seats.csv").write_text(lines("member,event,occurred_at", "{},accepted,2022-01-05"))
    for month, day in ((FEBRUARY, 7), ("2022-03", 1)):
        rows = lines("member,occurred_at,xp", f"{{}},{month}-{day:02}T09:00:00,30")
        (home.landing / f"activity-{month}.csv").write_text(rows)
    assert STANDS not in said(capsys, home)
    assert active_days(home) == 10

    (home.landing / "activity-late.csv").write_text(f"member,occurred_at,xp\nm3,{FEBRUARY}-21T09:00:00,30\n")
    assert STANDS in said(capsys, home)
    assert active_days(home) == 10
    assert STANDS in said(capsys, home, "--all")
    assert active_days(home) == 10, "to make all anew is not to say it"

    assert STANDS not in said(capsys, home, "--restate")
    assert active_days(home) == 11
    assert STANDS not in said(capsys, home)
    assert active_days(home) == 11
