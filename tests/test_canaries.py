"""Canaries in names of files, in labels that one person has and in every field of two hundred persons, after runs.

In no byte published, told or kept by Dagster, and in no event of lineage.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

import duckdb
import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.contracts import STAGING_TABLES
from fellowship_pipeline.forgetting.residue import residue
from fellowship_pipeline.home import Home
from fellowship_pipeline.warehouse import connect
from tests import canaries

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("run"), pytest.mark.fault("H1", "H2", "H13")]

CANARY = "zephyrina"
PROGRAM = """\
program: {id: tiny}
languages: [en]
arrival: {quiet_seconds: 0}
cohorts: [{id: c, starts_on: 2022-01-01, ends_on: 2022-02-20}]
seats: [{pool: p, from: 2022-01-01, capacity: 300}]
sources:
"""
OTHERS = {
    "roster": "roster*.csv",
    "seat_events": "seats*.csv",
    "activity": "activity*",
    "support_requests": "support*.csv",
    "outcomes": "outcomes*.csv",
    "sessions": "sessions*.csv",
    "attendance": "attendance*.csv",
}
"""The files of those whose names are in names of files and in labels, by source."""
PROGRAM += "".join(
    f"  {source}: [{{files: landing/all/{source}.csv}}"
    + (f", {{files: landing/{OTHERS[source]}}}]\n" if source in OTHERS else "]\n")
    for source in canaries.exports()
)
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
    (home.landing / "all").mkdir()
    for source, content in canaries.exports().items():
        (home.landing / "all" / f"{source}.csv").write_text(content, encoding="utf-8")
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        assert status(["run", str(home.path)]) == 0
    (home.path / "told.txt").write_text(out.getvalue() + err.getvalue(), encoding="utf-8")
    return home


def test_two_hundred_persons_are_in_no_byte_that_others_see(
    home: Home, events: Path, record_figure: Callable[[str, int], None]
) -> None:
    """They are where operators work, in every source; what the run told has places only."""
    with connect(home.warehouse, read_only=True) as con:
        for table in STAGING_TABLES:
            if table.name in canaries.exports():
                rows = con.execute(f"select * from {table.key}").fetchall()
                assert canaries.found_in(repr(rows).encode()), table.key
        (persons,) = con.execute(
            "select count(distinct member_id) from staging.roster where member like 'quillona%'"
        ).fetchall()
    assert persons == (canaries.PERSONS,)
    assert "warning: landing/" in (home.path / "told.txt").read_text(encoding="utf-8")
    assert canaries.found_in((home.path / "told.txt").read_bytes() + events.read_bytes()) == set()
    found, size = canaries.searched(home.published.resolve(), home.dagster)
    assert found == []
    record_figure("canary persons", canaries.PERSONS)
    record_figure("bytes searched", size)
    record_figure("files with a canary", 0)


def test_a_person_who_leaks_is_found_however_it_is_written(
    tmp_path: Path, record_figure: Callable[[str, int], None]
) -> None:
    for at, (stem, encoding) in enumerate(canaries.SPELLED):
        for form in canaries.ENCODINGS[encoding](stem):
            (tmp_path / f"{at}.html").write_bytes(b"<td>" + form + b"017</td>")
            assert (stem, encoding) in canaries.found_in((tmp_path / f"{at}.html").read_bytes())
    (tmp_path / "packed.gz").write_bytes(gzip.compress("퀼로나017".encode()))
    with closing(duckdb.connect(str(tmp_path / "kpi.duckdb"))) as con:
        con.execute("create table t as select 'quillona017' as who from range(1000)")
    found, _ = canaries.searched(tmp_path)
    assert len(found) == len(canaries.SPELLED) + 2
    record_figure("encodings searched", len(canaries.ENCODINGS))
    record_figure("planted leaks not found", 0)


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
