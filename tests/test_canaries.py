"""A canary in names of files and in labels that one person has: in no byte published or kept by Dagster, after runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.forgetting.residue import residue
from fellowship_pipeline.home import Home

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("run"), pytest.mark.fault("H1", "H2", "H13")]

CANARY = "zephyrina"
PROGRAM = """\
program: {id: tiny}
languages: [en]
arrival: {quiet_seconds: 0}
cohorts: [{id: c, starts_on: 2022-01-01, ends_on: 2022-02-20}]
seats: [{pool: p, from: 2022-01-01, capacity: 20}]
sources:
  roster: [{files: landing/roster*.csv}]
  seat_events: [{files: landing/seats*.csv}]
  activity: [{files: landing/activity*}]
  support_requests: [{files: landing/support*.csv}]
  outcomes: [{files: landing/outcomes*.csv}]
  sessions: [{files: landing/sessions*.csv}]
  attendance: [{files: landing/attendance*.csv}]
"""
MEMBERS = [f"m{number}" for number in range(8)]
ROSTER = "member,cohort,study_group,shoe size\n" + "".join(
    f"{member},c,{'Zephyrina Team' if member == 'm0' else 'a'},42\n" for member in MEMBERS
)
SEATS = "member,event,occurred_at\n" + "".join(f"{member},accepted,2022-01-05\n" for member in MEMBERS)
ACTIVITY = "member,occurred_at,course,xp\n" + "".join(f"{member},2022-02-01,intro,30\n" for member in MEMBERS)
FILES: dict[str, bytes] = {
    "roster Kim Zephyrina.csv": ROSTER.encode(),
    "seats Kim Zephyrina.csv": SEATS.encode(),
    "activity Kim Zephyrina.csv": (ACTIVITY + "m0,2022-02-01,Zephyrina's Thesis,30\n").encode(),
    "activity again Kim Zephyrina.csv": (ACTIVITY + "m0,2022-02-01,Zephyrina's Thesis,30\n").encode(),
    "activity rejects Kim Zephyrina.csv": b"member,occurred_at,xp\nm0,yesterday,30\nm1,2022-02-02,30\n",
    "activity all Kim Zephyrina.csv": b"member,occurred_at,xp\nm0,yesterday,30\n",
    "activity mojibake Kim Zephyrina.csv": "member,occurred_at,course\nm0,2022-02-02,ê°€ë‚˜ë‹¤\n".encode(),
    "activity mixed Kim Zephyrina.csv": "member,occurred_at,course\nm0,2022-02-02,가나다\n".encode()
    + "m1,2022-02-02,가나다\n".encode("cp949"),
    "activity Kim Zephyrina.xlsx": b"%PDF-1.4 \0\xff",
    "activity empty Kim Zephyrina.csv": b"",
    "~$activity Kim Zephyrina.xlsx": b"",
    "support Kim Zephyrina.csv": b"opened_at,member,channel,topic\n"
    b"2022-02-01,m0,Zephyrina's channel,Zephyrina's divorce\n2022-02-01,m0,mail,Zephyrina's divorce\n",
    "outcomes Kim Zephyrina.csv": b"member,kind,occurred_on\nm0,Zephyrina's circus,2022-02-10\n",
    "sessions Kim Zephyrina.csv": b"session,kind,starts_at,title\ns1,tea with Zephyrina,2022-02-03,Zephyrina\n",
    "attendance Kim Zephyrina.csv": b"session,member\ns1,m0\n",
    "activity without header Kim Zephyrina.csv": b"Zephyrina Kim,2022-02-03,30\nm1,2022-02-03,30\n",
    "without header Kim Zephyrina.csv": b"Zephyrina Kim,accepted,2022-01-05\nm1,accepted,2022-01-05\n",
}


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the run's lineage is told."""
    file = tmp_path_factory.mktemp("events") / "lineage.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"TYPE": "file", "LOG_FILE_PATH": str(file), "APPEND": "true"}.items():
            patch.setenv(f"OPENLINEAGE__TRANSPORT__{name}", value)
        yield file


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, events: Path) -> Home:
    """After a run that publishes."""
    home = Home(tmp_path_factory.mktemp("home"))
    home.landing.mkdir()
    home.program_file.write_text(PROGRAM)
    for name, content in FILES.items():
        (home.landing / name).write_bytes(content)
    (home.landing / "activity link Kim Zephyrina.csv").symlink_to(home.landing / "nowhere")
    assert status(["run", str(home.path)]) == 0
    return home


def test_a_canary_is_in_no_byte_published_or_kept_by_dagster(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    assert leaks(home) == ()
    assert status(["notify", str(home.path), "--dry-run"]) == 0
    digest = capfd.readouterr().out
    assert "files are held" in digest
    assert CANARY not in digest.casefold()
    program = home.program_file.read_text()
    home.program_file.write_text(
        program.replace("landing/seats*.csv}", '"landing/without header Kim *.csv", columns: {member: zephyrin kim}}')
    )
    assert status(["run", str(home.path)]) == 2
    told = capfd.readouterr().err
    assert "no file of landing/without header Kim *.csv has a column 'zephyrin kim'. Expected a header" in told
    assert leaks(home) == ()


def leaks(home: Home) -> tuple[str, ...]:
    """Files outside of the restricted zone in which the canary is."""
    return residue(home.published, {CANARY}).found + residue(home.dagster, {CANARY}).found


def test_a_canary_is_in_no_event_of_lineage(home: Home, events: Path) -> None:
    told = events.read_text(encoding="utf-8")
    ends = [json.loads(line) for line in told.splitlines()]
    made = [end["job"]["name"] for end in ends if end["eventType"] == "COMPLETE"]
    assert {"core.roster_periods", "kpi.adoption", "ops.at_risk"} <= set(made)
    assert len(made) == len(set(made)) == len(ends) / 2
    (adoption,) = (end for end in ends if end["job"]["name"] == "kpi.adoption" and end["outputs"])
    origins = adoption["outputs"][0]["facets"]["columnLineage"]["fields"]["accepted"]["inputFields"]
    assert {one["name"] for one in origins} == {"core.invitations", "core.parameters"}
    assert CANARY not in told.casefold()
    assert str(home.path) not in told


def test_the_search_finds_a_canary_that_was_planted(home: Home) -> None:
    planted = home.release / "tables" / "planted.csv"
    planted.write_text("topic\nZephyrina's divorce\n")
    assert leaks(home) == (f"{planted.resolve().relative_to(home.published.resolve())}",)
    planted.unlink()


def test_operators_have_the_names(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    files = (home.lists / "files.csv").read_text(encoding="utf-8")
    listed = {line.split(",")[1]: line.split(",")[3] for line in files.splitlines()}
    assert listed["landing/activity mojibake Kim Zephyrina.csv"] == "held"
    assert listed["landing/activity mixed Kim Zephyrina.csv"] == "quarantined"
    assert listed["landing/activity empty Kim Zephyrina.csv"] == "quarantined"
    assert "landing/activity rejects Kim Zephyrina.csv" in listed
    assert status(["files", str(home.path)]) == 0
    said = capsys.readouterr().out
    assert [name for name in (*FILES, "activity link Kim Zephyrina.csv") if f"landing/{name}" not in said] == []


def test_a_label_of_one_person_is_other(home: Home) -> None:
    adoption = (home.release / "tables" / "adoption.csv").read_text(encoding="utf-8")
    assert "study_group,other" in adoption and "study_group,a" in adoption
