"""A person erased: gone from every byte, kept out for good, finished after a crash; nobody else is touched."""

from __future__ import annotations

import gzip
import io
import json
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from assets import interrupted
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.forgetting import cleansing, erasure, tombstones
from fellowship_pipeline.forgetting.cleansing import Cleansed
from fellowship_pipeline.forgetting.destruction import destroy, overwrite
from fellowship_pipeline.forgetting.erasure import Erased
from fellowship_pipeline.forgetting.reading import forget_and_read
from fellowship_pipeline.forgetting.residue import residue
from fellowship_pipeline.home.generations import finished, generation, point, write_manifest
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.warehouse import connect
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

SOURCES = {
    "roster": [{"files": "landing/roster*"}],
    "aliases": [{"files": "landing/aliases*"}],
    "seat_events": [{"files": "landing/seats*"}],
    "activity": [{"files": "landing/activity*"}],
    "support_requests": [{"files": "landing/support*"}],
}
ASKED = date(2026, 11, 20)
NAMES = {"m017", "김민준", "minjun@example.org", "minjun#99"}
ROSTER = "member,cohort,name,email\nm017,c,김민준,minjun@example.org\nm018,c,이서연,kim.minjun@example.org\n"
ALIASES = "member,kind,value\nm017,discord,minjun#99\nm018,discord,seoyeon\n"
SEATS = "member,event,occurred_at\nm017,accepted,2022-01-05\nm018,accepted,2022-01-05\n"
SUPPORT = "opened_at,member,topic,answered_by\n2022-02-01,m018,김민준은 친절하다,minjun#99\n2022-02-02,m017,x,m018\n"
ACTIVITY = (
    "member,occurred_at,course,xp\n"
    "Minjun@Example.org,2022-02-01T10:00:00,intro,30\n"
    "kim.minjun@example.org,2022-02-01T11:00:00,intro,40\n"
    "김민준,2022-02-02T10:00:00,intro,50\n"
)


def workbook(text: str) -> bytes:
    file = io.BytesIO()
    pd.read_csv(io.StringIO(text), dtype=str).to_excel(file, index=False)
    return file.getvalue()


def parquet(text: str) -> bytes:
    file = io.BytesIO()
    pd.read_csv(io.StringIO(text), dtype=str).to_parquet(file, index=False)
    return file.getvalue()


def json_lines(text: str) -> bytes:
    return pd.read_csv(io.StringIO(text), dtype=str).to_json(orient="records", lines=True).encode()


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "cp949": lambda text: text.encode("cp949"),
    "utf-16": lambda text: text.encode("utf-16"),
    "gzip": lambda text: gzip.compress(text.encode()),
    "xlsx": workbook,
    "parquet": parquet,
    "json": json_lines,
}


@pytest.fixture(autouse=True)
def key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path_factory.mktemp("config") / "key"
    monkeypatch.setenv("FELLOWSHIP_KEY_FILE", str(path))
    return path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path)
    place.configure(SOURCES)
    place.land({"roster.csv": ROSTER, "aliases.csv": ALIASES, "seats.csv": SEATS, "support.csv": SUPPORT})
    place.land({"activity.csv": ACTIVITY})
    build(place)
    return place


def build(place: Place) -> bool:
    """What a run does up to staging, into the warehouse's file."""
    place.take_in()
    with connect(place.home.warehouse) as con:
        forget_and_read(con, place.home, place.program())
        stage(con, place.program())
    return True


def rows(place: Place, query: str) -> list[tuple[object, ...]]:
    with connect(place.home.warehouse, read_only=True) as con:
        return con.execute(query).fetchall()


def erase(place: Place, member: str = "m017", *, landing: bool = False) -> Erased:
    home, program = place.home, place.program()
    planned = erasure.plan(home, program, member)
    return erasure.erase(home, program, planned, lambda: build(place), landing=landing, requested=ASKED)


def left(place: Place) -> tuple[str, ...]:
    """Files of the home, landing/ aside, in which a name of the person still is."""
    return residue(place.path, NAMES, [place.home.landing]).found


@pytest.mark.fault("E8", "H10")
@pytest.mark.parametrize("form", WRITTEN)
def test_no_byte_of_the_person_is_left_whatever_the_file_was(
    place: Place, form: str, record_figure: Callable[[str, int], None]
) -> None:
    place.land({f"activity-{form}": WRITTEN[form](ACTIVITY.replace("intro", "다음"))})
    build(place)
    assert rows(place, "select distinct status from raw.files") == [("loaded",)]
    assert {path.split("/")[0] for path in left(place)} == {"archive", "warehouse"}
    erased = erase(place)
    assert (erased.is_done, left(place)) == (True, ())
    assert rows(place, "select course, member, xp from staging.activity order by course") == [
        ("intro", "kim.minjun@example.org", 40),
        ("다음", "kim.minjun@example.org", 40),
    ]
    assert rows(place, "select rows, staged, ignored from raw.files where source = 'activity'") == [
        (3, 1, 2),
        (3, 1, 2),
    ]
    record_figure("erasures searched for residue", 1)
    record_figure("files with a residual byte", 0)


def test_others_keep_their_records_less_the_name(place: Place) -> None:
    erase(place)
    assert rows(place, "select member, topic, answered_by from staging.support_requests") == [
        ("m018", "은 친절하다", None)
    ]
    assert rows(place, "select member from staging.roster") == [("m018",)]
    assert rows(place, "select path, reason from raw.files where source = 'seat_events'") == [
        ("landing/seats.csv", "1 records of erased persons left out")
    ]


@pytest.mark.parametrize("asked", ["m017", "minjun#99", "MINJUN@example.org "])
def test_a_person_is_erased_by_any_name_that_identity_knows(place: Place, asked: str) -> None:
    assert erase(place, asked).residue.found == ()
    assert left(place) == ()


def test_one_who_is_in_no_roster_is_erased_by_the_name_in_the_files(place: Place) -> None:
    place.land(
        {"activity-2.csv": "member,occurred_at,course,xp\nvisitor@example.org,2022-03-01,R,1\nm018,2022-03-01,R,1\n"}
    )
    build(place)
    assert erase(place, "visitor@example.org").is_done
    assert rows(place, "select member from staging.activity where occurred_at > timestamp '2022-02-20'") == [("m018",)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("m999", "is nobody here: expected a member id, an alias or an e-mail"),
        (" ", "is nobody here"),
        ("intro", "is nobody here"),
        ("김민준", "is how a member is called, not who it is"),
        ("team", "is a name of 2 members: give the member id"),
    ],
)
def test_who_is_meant_has_to_be_certain(place: Place, asked: str, said: str) -> None:
    place.land({"aliases-2.csv": "member,kind,value\nm017,kaggle,team\nm018,kaggle,team\n"})
    build(place)
    with pytest.raises(UserError, match=said):
        erase(place, asked)
    assert not place.home.tombstones.exists()


def test_a_name_that_another_has_too_takes_nothing_of_theirs(place: Place) -> None:
    place.land({"aliases-2.csv": "member,kind,value\nm017,kaggle,team\nm018,kaggle,team\n"})
    build(place)
    planned = erasure.plan(place.home, place.program(), "m017")
    assert (planned.shared_names, "team" in planned.texts) == (1, False)
    erase(place)
    assert rows(place, "select member, value from staging.aliases order by value") == [
        ("m018", "seoyeon"),
        ("m018", "team"),
    ]


def test_what_only_an_older_roster_calls_them_is_a_name_of_theirs(place: Place) -> None:
    place.land({"roster.csv": ROSTER.replace("minjun@example.org", "new@example.org", 1)})
    build(place)
    erase(place)
    assert left(place) == () and residue(place.path, {"new@example.org"}, [place.home.landing]).found == ()


@pytest.mark.fault("E9")
def test_the_same_file_dropped_again_under_another_name_is_not_loaded(place: Place) -> None:
    erase(place, landing=True)
    place.land({"activity-again.csv": ACTIVITY})
    build(place)
    assert rows(place, "select member from staging.activity") == [("kim.minjun@example.org",)]
    assert left(place) == ()


@pytest.mark.fault("E9")
@pytest.mark.parametrize("form", WRITTEN)
def test_an_old_export_in_other_bytes_is_cleansed_on_arrival_and_counted(place: Place, form: str) -> None:
    erase(place, landing=True)
    old = ACTIVITY.replace("2022-02", "2022-01").replace("Minjun@Example.org", "ＭＩＮＪＵＮ@example.org")
    place.land({f"activity-old-{form}": WRITTEN[form](old)})
    build(place)
    assert rows(place, "select member from staging.activity where occurred_at < timestamp '2022-02-01'") == [
        ("kim.minjun@example.org",)
    ]
    query = "select status, rows, staged, rejected, ignored, reason from raw.files where path like '%old%'"
    assert rows(place, query) == [("loaded", 3, 1, 0, 2, "2 records of erased persons left out")]
    assert left(place) == ()


@pytest.mark.fault("E9")
def test_a_new_alias_in_a_record_of_the_person_is_kept_out_from_then_on(place: Place) -> None:
    erase(place, landing=True)
    place.land({"aliases-new.csv": "member,kind,value\nm017,kaggle,fastlearner\nm018,kaggle,slow\n"})
    build(place)
    place.land({"activity-new.csv": "member,occurred_at,course,xp\nfastlearner,2022-03-01,R,1\nm018,2022-03-01,R,1\n"})
    build(place)
    assert rows(place, "select distinct member from staging.activity order by 1") == [
        ("kim.minjun@example.org",),
        ("m018",),
    ]
    assert residue(place.path, {"fastlearner"}, [place.home.landing]).found == ()


def test_an_id_of_the_platform_goes_with_the_person(place: Place) -> None:
    place.configure({**SOURCES, "activity": [{"files": "landing/dc/*/*.csv", "preset": "datacamp_data_connector"}]})
    users = "user_id,email\n17,minjun@example.org\n18,kim.minjun@example.org\n"
    facts = "user_id,course_id,started_at,completed_at,time_spent,xp\n17,1,2022-02-01,,60,17\n18,1,2022-02-01,,60,17\n"
    courses = "course_id,title\n1,Intro\n17,More\n"
    place.land({"dc/2022-03-01/user_dim.csv": users, "dc/2022-03-01/course_dim.csv": courses})
    place.land({"dc/2022-03-01/learning_course_fact.csv": facts})
    build(place)
    erase(place, landing=True)
    place.land({"dc/2022-03-01/learning_course_fact.csv": facts.replace("2022-02-01", "2022-02-03")})
    build(place)
    found = rows(place, "select member, course, xp from staging.activity")
    assert found == [("kim.minjun@example.org", "Intro", 17), ("kim.minjun@example.org", "Intro", 17)]


def test_a_path_that_names_the_person_is_rewritten_in_the_ledger(place: Place) -> None:
    place.land({"activity-김민준.csv": "member,occurred_at,course,xp\nm017,2022-03-01,R,1\nm018,2022-03-01,R,1\n"})
    build(place)
    erased = erase(place, landing=True)
    assert (erased.residue.found, left(place)) == ((), ())
    assert rows(place, "select count(*) from staging.activity where occurred_at > timestamp '2022-02-20'") == [(1,)]


def test_a_file_that_no_reader_can_open_is_destroyed_where_it_names_them(place: Place) -> None:
    place.land(
        {"activity-broken.csv": 'member,occurred_at\n"m017,2022-01-01\n', "activity-cv.csv": b"%PDF-1.4 \0\xff\0"}
    )
    build(place)
    assert erasure.plan(place.home, place.program(), "m017").unsearchable == 1
    erased = erase(place, landing=True)
    assert (erased.cleansed.destroyed, left(place)) == (2, ())
    query = "select path, status, rows from raw.files where status <> 'loaded' order by path"
    assert rows(place, query) == [
        ("landing/activity-broken.csv", "erased", 0),
        ("landing/activity-cv.csv", "erased", 0),
    ]


def test_files_left_in_the_landing_folder_are_named_or_destroyed(place: Place) -> None:
    kept = [f"landing/{name}.csv" for name in ("activity", "aliases", "roster", "seats", "support")]
    erased = erase(place)
    assert list(erased.landing) == kept
    assert f"warning: {kept[0]} still holds the person: delete it, or erase with --landing" in erased.lines()
    assert erase(place, landing=True).landing == ()
    assert list(place.home.landing.iterdir()) == []


def test_program_yaml_that_names_the_person_is_for_the_operator_to_edit(place: Place) -> None:
    with place.home.program_file.open("a") as file:
        file.write("review: {exempt: {leave: [{member: m017}]}}\n")
    erased = erase(place)
    assert (erased.is_done, erased.residue.found) == (False, ("program.yaml",))


@pytest.mark.fault("H11")
def test_neither_the_names_nor_the_key_are_in_what_is_said_or_kept(place: Place, key: Path) -> None:
    erased = erase(place, landing=True)
    planned = repr(erasure.plan(place.home, place.program(), "m017"))
    said = "\n".join([*erased.lines(), erased.notice("ko"), erased.notice("en"), planned])
    assert not any(name in said for name in NAMES)
    assert residue(place.path, {key.read_bytes().hex()}).found == ()


def test_another_key_than_the_one_of_the_tombstones_is_refused(place: Place, key: Path) -> None:
    erase(place)
    key.unlink()
    with pytest.raises(UserError, match="cannot be read"):
        build(place)
    key.write_bytes(bytes(32))
    key.chmod(0o600)
    with pytest.raises(UserError, match="not that of this home's tombstones"):
        build(place)


STEPS = [
    (erasure, "resume", 0),
    (cleansing, "search", 0),
    (cleansing, "_without", 2),
    (cleansing, "_replaced", 0),
    (cleansing, "_replaced", 3),
    (cleansing, "_redact", 0),
    (cleansing, "_tidy", 0),
    (cleansing, "destroy", 2),
    (erasure, "destroy_tree", 0),
    (erasure, "destroy_tree", 2),
    (erasure, "finish", 0),
]


@pytest.mark.sampled(3)
@pytest.mark.fault("E10")
@pytest.mark.parametrize(("module", "step", "calls"), STEPS, ids=[f"{step}-{calls}" for _, step, calls in STEPS])
def test_an_erasure_that_broke_off_anywhere_is_finished_by_the_next_run(
    place: Place, monkeypatch: pytest.MonkeyPatch, module: object, step: str, calls: int
) -> None:
    before = getattr(module, step)
    done = []

    def breaking(*arguments: object, **options: object) -> object:
        if len(done) == calls:
            raise KeyboardInterrupt
        done.append(step)
        return before(*arguments, **options)

    with monkeypatch.context() as broken:
        broken.setattr(module, step, breaking)
        with pytest.raises(KeyboardInterrupt):
            erase(place)
    assert len(tombstones.load(place.home).pending) == 1
    (finished,) = taken_up(place)
    assert (tombstones.load(place.home).pending, left(place)) == ((), ())
    assert (finished.is_done, finished.residue.searched, finished.requested) == (True, len(NAMES), ASKED)
    assert rows(place, "select member from staging.activity") == [("kim.minjun@example.org",)]
    kinds = [json.loads(line)["event"] for line in place.home.tombstones.read_text().splitlines()]
    assert kinds == ["begun", "erasing", "erased"]


def taken_up(place: Place) -> list[Erased]:
    """What the next run makes of an erasure that broke off."""
    cleansed = erasure.resume(place.home, place.program())
    assert cleansed is not None
    build(place)
    return list(erasure.finish(place.home, cleansed).values())


def broken_off(place: Place, monkeypatch: pytest.MonkeyPatch, *, landing: bool = False) -> None:
    """An erasure that dies when its names are on the disk and nothing else is done."""
    with monkeypatch.context() as broken:
        broken.setattr(erasure, "resume", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(place, landing=landing)


@pytest.mark.fault("E8", "E10")
def test_one_taken_up_again_says_what_is_left_in_the_landing_folder(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five files have the person, one written full-width; the sixth is another's alone."""
    place.land({"activity.csv": ACTIVITY.replace("Minjun@Example.org", "ＭＩＮＪＵＮ@example.org")})
    place.land({"activity-others.csv": "member,occurred_at,course,xp\nm018,2022-03-01,R,1\n"})
    broken_off(place, monkeypatch)
    (finished,) = taken_up(place)
    names = ("activity", "aliases", "roster", "seats", "support")
    assert finished.landing == tuple(f"landing/{name}.csv" for name in names)
    english = finished.notice("en")
    assert "still hold your data until they are deleted: 5." in english and "nothing else is left" in english
    assert not any(name in english + finished.notice("ko") for name in (*NAMES, *names))


@pytest.mark.fault("E10")
def test_files_in_the_landing_folder_that_were_to_go_go_when_it_is_taken_up_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(place, monkeypatch, landing=True)
    (finished,) = taken_up(place)
    assert (finished.landing, list(place.home.landing.iterdir())) == ((), [])
    assert finished.notice("en").count("We checked that nothing is left.") == 1


@pytest.mark.fault("E10", "F3")
def test_what_a_kill_leaves_of_a_file_in_the_landing_folder_is_not_taken_in(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overwritten_and_killed(path: Path) -> None:
        if path.parent == place.home.landing:
            overwrite(path)
            raise KeyboardInterrupt
        destroy(path)

    with monkeypatch.context() as broken:
        broken.setattr(erasure, "destroy", overwritten_and_killed)
        with pytest.raises(KeyboardInterrupt):
            erase(place, landing=True)
    came = [event for event in place.ledger.events() if event["event"] == "received"]
    (finished,) = taken_up(place)
    assert (finished.landing, list(place.home.landing.iterdir())) == ((), [])
    assert [event for event in place.ledger.events() if event["event"] == "received"] == came


@pytest.mark.fault("E10")
def test_what_a_taken_up_erasure_still_finds_is_named_and_nothing_is_promised(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.home.program_file.open("a") as file:
        file.write("review: {exempt: {leave: [{member: m017}]}}\n")
    broken_off(place, monkeypatch)
    (finished,) = taken_up(place)
    assert (finished.is_done, finished.residue.found) == (False, ("program.yaml",))


@pytest.mark.fault("E10")
def test_the_erasure_of_another_finishes_one_that_broke_off_with_its_own_notice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(place, monkeypatch)
    erased = erase(place, "m018")
    (earlier,) = erased.earlier
    assert (erased.is_done, earlier.is_done, earlier.requested) == (True, True, ASKED)
    assert left(place) == ()


@pytest.mark.fault("E8")
def test_files_of_a_person_erased_before_are_not_counted_for_the_next(place: Place) -> None:
    """Of m018 stand in the drop folder roster, aliases, seats, activity and support; of the visitor one file."""
    visitor = "member,occurred_at,course,xp\nvisitor@example.org,2022-03-01,R,1\n"
    place.land({"activity-visitor.csv": visitor})
    build(place)
    assert len(erase(place, "m018").landing) == 5
    assert erase(place, "visitor@example.org").landing == ("landing/activity-visitor.csv",)


@pytest.mark.fault("E8")
def test_an_original_behind_a_url_is_told_of(place: Place) -> None:
    """It was fetched once; what lies there now nobody here can delete."""
    content = place.ledger.state().latest["landing/seats.csv"]
    place.ledger.append([{"event": "received", "path": "s3://exports/seats.csv", "sha256": content, "bytes": 1}])
    erased = erase(place, landing=True)
    assert erased.elsewhere == 1
    assert "outside storage" in erased.notice("en") and "We checked that nothing is left." not in erased.notice("en")


@pytest.mark.fault("E10")
def test_a_run_of_dagster_does_all_but_dagsters_records_and_the_next_run_ends_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its own records are being written meanwhile; they hold the name from before."""
    broken_off(place, monkeypatch)
    place.home.dagster.mkdir()
    (place.home.dagster / "runs.txt").write_text("minjun#99")
    run = dg.DagsterRun(job_name="refresh")
    with interrupted.taken_up(place.home, run, logging.getLogger("dagster")):
        build(place)
        with generation(place.home.published, "release") as folder:
            write_manifest(folder, {"run_id": run.run_id}, {})
        point(finished(folder))
    assert interrupted.REST in caplog.text
    assert (left(place), len(tombstones.load(place.home).pending)) == (("dagster/runs.txt",), 1)
    (ended,) = erasure.finish(place.home, erasure.resume(place.home, place.program()) or Cleansed()).values()
    assert (ended.is_done, left(place)) == (True, ())
    assert rows(place, "select member from staging.activity") == [("kim.minjun@example.org",)]


@pytest.mark.fault("E10")
@pytest.mark.parametrize(
    ("run", "is_published"),
    [
        (dg.DagsterRun(job_name="seat_review"), True),
        (dg.DagsterRun(job_name="refresh", asset_selection=frozenset([dg.AssetKey("seats")])), True),
        (dg.DagsterRun(job_name="refresh"), False),
    ],
)
def test_a_run_of_dagster_that_publishes_nothing_anew_leaves_the_erasure_open(
    place: Place, monkeypatch: pytest.MonkeyPatch, run: dg.DagsterRun, is_published: bool
) -> None:
    broken_off(place, monkeypatch)
    with interrupted.taken_up(place.home, run, logging.getLogger("dagster")):
        if is_published:
            with generation(place.home.published, "release") as folder:
                write_manifest(folder, {"run_id": run.run_id}, {})
            point(finished(folder))
    assert [one.is_built for one in tombstones.load(place.home).pending] == [False]


@pytest.mark.fault("E10")
def test_an_erasure_asked_for_again_after_a_crash_is_finished_and_proven(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(cleansing, "_tidy", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(place)
    assert erase(place, "minjun#99").is_done
    assert (tombstones.load(place.home).pending, left(place)) == ((), ())


def test_a_number_is_a_name_only_where_persons_are_named(place: Place) -> None:
    oulad = {"files": "landing/oulad/*.csv", "preset": "oulad"}
    place.configure({"roster": [oulad], "activity": [oulad]})
    info = "code_module,code_presentation,id_student,gender\nAAA,2013J,17,M\nAAA,2013J,18,F\n"
    clicks = (
        "code_module,code_presentation,id_student,id_site,date,sum_click\nAAA,2013J,17,5,1,4\nAAA,2013J,18,17,1,17\n"
    )
    registered = "code_module,code_presentation,id_student,date_registration,date_unregistration\n"
    registered += "AAA,2013J,17,-10,\nAAA,2013J,18,-10,\n"
    place.land({"oulad/studentInfo.csv": info, "oulad/studentVle.csv": clicks})
    place.land({"oulad/studentRegistration.csv": registered})
    build(place)
    assert erase(place, "17", landing=True).residue.whole_cells_only == 1
    assert rows(place, "select distinct member from staging.roster") == [("18",)]
    assert rows(place, "select member, item, xp from staging.activity") == [("18", "17", 17)]
    state = place.ledger.state()
    assert all(content.cleansed for content in state.contents.values() if "oulad" in content.sightings[0][1])
