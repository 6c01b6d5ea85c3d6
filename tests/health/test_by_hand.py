"""What was done by hand, by the command in a process of its own: a clock set wrong, a line of the ledger lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fellowship_pipeline.home import Home

pytestmark = [pytest.mark.whole_run, pytest.mark.slow, pytest.mark.fault("F14", "E12", "F8")]

COMMAND = """
import sys
from datetime import UTC, datetime, timedelta
from fellowship_pipeline.home import clock
off = timedelta(days=float(sys.argv.pop(1)))
clock.source = lambda: datetime.now(UTC) + off
from fellowship_pipeline.cli import main
main()
"""
PROGRAM = """\
program: {id: tiny}
arrival: {quiet_seconds: 0}
privacy: {retention_months: 24}
sources:
  roster: [{files: landing/roster*.csv}]
  activity: [{files: landing/activity*.csv}]
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.landing.mkdir(parents=True)
    return home


def fellowship(off: float, *arguments: str) -> tuple[int, str]:
    """The exit code and what is said on stderr, by a machine whose clock is so many days off."""
    command = [sys.executable, "-c", COMMAND, str(off), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    return done.returncode, done.stderr


def test_a_clock_a_thousand_days_ahead_and_a_line_of_the_ledger_lost(home: Home) -> None:
    home.program_file.write_text(PROGRAM)
    (home.landing / "roster.csv").write_text("member,cohort\nm1,c\n")
    (home.landing / "activity.csv").write_text("member,occurred_at,xp\nm1,2025-12-01,10\n")
    place = str(home.path)
    assert fellowship(0, "run", place)[0] == 0
    contents = {path.name for path in home.archive.glob("*/*")}
    code, said = fellowship(1000, "run", place)
    assert code == 0
    assert "nothing is destroyed for retention today" in said
    assert "past their retention period, and destroyed by the first run from" in said
    assert {path.name for path in home.archive.glob("*/*")} == contents
    code, said = fellowship(0, "run", place)
    assert (code, said.count("\n"), "--clock-is-right" in said) == (2, 1, True)
    code, said = fellowship(0, "run", place, "--clock-is-right")
    assert (code, "retention" in said) == (0, False)
    whole = home.ledger.read_bytes()
    lines = whole.splitlines(keepends=True)
    (home.landing / "activity.csv").unlink()
    home.ledger.write_bytes(b"".join(line for line in lines if b"landing/activity.csv" not in line))
    code, said = fellowship(0, "run", place)
    assert (code, said.count("\n"), "ledger.jsonl: 2 lines are gone before line" in said) == (2, 1, True)
    home.ledger.write_bytes(whole)
    assert fellowship(0, "files", place)[0] == 0
