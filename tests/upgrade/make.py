"""Makes the home that the next release has to take over: ``python -m tests.upgrade.make``, once a release is tagged.

By the commands of the version that is there: two runs, a review of which all is confirmed, a person erased. All is
invented. Kept as ``home-VERSION.tar.xz``, thinned: pages without Plotly's own script, which is most of their bytes, and
Dagster's records without single events.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import tarfile
import tempfile
from contextlib import chdir, closing
from pathlib import Path

from fellowship_pipeline import __version__
from fellowship_pipeline.cli import status
from fellowship_pipeline.forgetting.key import VARIABLE
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.generations import MANIFEST
from fellowship_pipeline.home.memory import digest

FOLDER = Path(__file__).parent
KEY = hashlib.sha256(b"the key of a home that nobody has").digest()
MONTH = "2022-02"
ERASED = "m8"

PROGRAM = """\
program: {id: library-seats, name: {ko: 도서관 자리, en: Library seats}}
arrival: {quiet_seconds: 0}
dagster: {keep_runs: 1}
cohorts: [{id: spring, starts_on: 2021-12-01, ends_on: 2022-06-30}]
seats: [{pool: datacamp, from: 2021-12-01, capacity: 10}]
review: {rules: [{id: any-activity, from: 2022-02, minimum_active_days: 1}]}
targets: {adoption_rate: 0.9, engagement_rate: 0.5}
sources:
  roster: [{files: landing/roster.csv}]
  seat_events: [{files: landing/seats.csv}]
  activity: [{files: "landing/activity*.csv"}]
"""
MEMBERS = [f"m{number}" for number in range(1, 9)]


def land(home: Home) -> None:
    """The program, and what came: eight members with a seat, six of whom learned in the six weeks from New Year on."""
    home.landing.mkdir(parents=True)
    home.program_file.write_text(PROGRAM, encoding="utf-8")
    people = [f"{member},spring,Member {member[1:]},{member}@example.org" for member in MEMBERS]
    seats = [
        f"{member},{event},2021-12-0{day}" for member in MEMBERS for event, day in (("invited", 2), ("accepted", 5))
    ]
    learned = {
        month: [
            f"{member},{month}-{day:02}T09:00:00,{100 + day}"
            for day in range(1, days + 1)
            for number, member in enumerate(MEMBERS[:6], start=1)
            if day in (1, days) or day % number == 0
        ]
        for month, days in (("2022-01", 31), ("2022-02", 10))
    }
    written = {
        "roster": ["member,cohort,name,email", *people],
        "seats": ["member,event,occurred_at", *seats],
        **{f"activity-{month}": ["member,occurred_at,xp", *rows] for month, rows in learned.items()},
    }
    for name, lines in written.items():
        (home.landing / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")


def thin(home: Home) -> None:
    """Takes Plotly's script out of the pages, with their hashes in the manifest mended, and Dagster's events."""
    folder = home.release.resolve()
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        longest = max(re.findall(r"<script>.*?</script>", text, flags=re.S), key=len)
        page.write_text(text.replace(longest, "<script></script>"), encoding="utf-8")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest.pop("sha256")
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest["sha256"] = digest(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    records = home.dagster / "history" / "runs"
    for record in records.glob("*-*.db"):
        record.unlink()
    with closing(sqlite3.connect(records / "index.db", isolation_level=None)) as con:
        con.execute("delete from event_logs where id < (select max(id) from event_logs)")  # the next goes on from it
        con.execute("vacuum")
    nameless(home)


def nameless(home: Home) -> None:
    """Takes out of Dagster's records on which machine, and where there, the run was."""
    with closing(sqlite3.connect(home.dagster / "history" / "runs.db", isolation_level=None)) as con:
        con.execute("delete from run_tags where key like '.dagster/fellowship_%'")
        for run_id, body in con.execute("select run_id, run_body from runs").fetchall():
            run = json.loads(body)
            run["tags"] = {key: said for key, said in run["tags"].items() if not key.startswith(".dagster/fellowship_")}
            con.execute("update runs set run_body = ? where run_id = ?", [json.dumps(run), run_id])
        con.execute("vacuum")


def make() -> Path:
    """The archive, made anew."""
    packed = FOLDER / f"home-{__version__}.tar.xz"
    with tempfile.TemporaryDirectory() as scratch, chdir(scratch):
        Path("key").write_bytes(KEY)
        Path("key").chmod(0o600)
        os.environ[VARIABLE] = str(Path("key").absolute())
        home = Home(Path("home"))
        land(home)
        for command in (
            ["run", "home"],
            ["review", "home", MONTH, "confirm", "--by", "kim"],
            ["erase", "home", ERASED, "--landing", "--yes"],
            ["run", "home"],
        ):
            assert status(command) == 0, command
        thin(home)
        pack(home, packed)
    return packed


def pack(home: Home, packed: Path) -> None:
    """The home as ``home/`` in a compressed archive, of nobody in particular."""
    with tarfile.open(packed, "w:xz", preset=9) as file:
        file.add(home.path, arcname="home", filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    print(make())
