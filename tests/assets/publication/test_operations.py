"""Lists for operators: the persons of the latest month, never under published/."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from assets.publication.files import publish
from assets.publication.operations import hand_over
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import META_TABLES, OPS_TABLES, TABLE_BY_KEY, TABLES
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import parse_program
from fellowship_pipeline.release.build import Release

pytestmark = pytest.mark.slow

NAMING_NOBODY = parse_program("program: {id: test}\nsources: {}")
PROGRAM = parse_program(
    "program: {id: test}\n"
    "review: {exempt: {leave: [{member: ann le}, {member: m1}]}}\n"
    "sources: {roster: [{files: landing/r.csv}]}"
)
FEBRUARY, MARCH = date(2022, 2, 1), date(2022, 3, 1)
DUE = datetime(2022, 3, 10, 14, 59, 59, 999999)
STORED = [TABLE_BY_KEY[key] for key in ("staging.aliases", "staging.roster", "core.missions", "core.mission_results")]


def review(month: date, member: str, decision: str) -> tuple[object, ...]:
    return (month, member, "p", "individual", "xp-1000", FEBRUARY, 999.0, 3, FEBRUARY, decision, "xp", 1000.0, 1)


def file(file_id: str, status: str, reason: str | None, rejected: int = 0) -> tuple[object, ...]:
    seen = datetime(2022, 3, 2, 9)
    counts = (9, 9 - rejected, rejected, 0, 0)
    told = (seen, None, None, None, None, status, reason)
    return (file_id, f"landing/{file_id}.csv", "activity", "0", 10, *counts, *told)


ROWS: dict[str, list[tuple[object, ...]]] = {
    "seat_reviews": [
        review(FEBRUARY, "m-canary-old", "reclaim"),
        review(MARCH, "m-canary-a", "keep"),
        review(MARCH, "m-canary-b", "reclaim"),
    ],
    "stray_attendance": [
        ("Zoom 1", "m-canary-a", datetime(2022, 3, 9, 15), None, "no_session_then", "a", 3),
        ("Zoom 1", "m-canary-a", datetime(2022, 3, 9, 16), datetime(2022, 3, 9, 17), "no_session_then", "a", 4),
        ("Zoom 1", "m-canary-b", None, None, "no_time", "a", 5),
    ],
    "recognition": [(FEBRUARY, 1, "m-canary-old", 10.0, 1, 1), (MARCH, 1, "m-canary-a", 20.0, 1, 2)],
    "open_invitations": [
        ("p", "canary@example.org", None, MARCH, 30, 2, MARCH),
        ("p", "m-canary-b", "m-canary-b", FEBRUARY, 58, 1, FEBRUARY),
    ],
    "at_risk": [
        ("m-canary-a", "individual", "(none)", 1, 900.0, 1000.0, 3, None, None, "xp: 900 of 1000", "watch"),
        ("m-canary-b", "individual", "(none)", 20, 0.0, 1000.0, 3, None, None, "xp: 0 of 1000", "high"),
        ("m-canary-c", "group", "g", 1, 0.0, None, 3, None, None, None, "none"),
    ],
    "unmatched": [
        ("activity", "=canary@example.org", 5, MARCH, "landing/a.csv", "unknown"),
        ("support_requests", 'Kim, "K"', 4, MARCH, "landing/k.csv", "unknown"),
        ("competitions", "stranger", 9, MARCH, "landing/k.csv", "unknown"),
        ("survey_responses", "twin@example.org", 3, MARCH, "landing/s.csv", "ambiguous"),
        ("attendance", "L", 2, None, "landing/z.csv", "ambiguous"),
        ("attendance", "Ann Lee", 1, None, "landing/z.csv", "unknown"),
        ("aliases", "bo", 1, None, "landing/l.csv", "ambiguous"),
    ],
    "roster": [
        ("m-canary-b", "c", "Canary B", "b@example.org", *[None] * 7, "m-canary-b"),
        ("m1", "c", "annlee (B)"),
        ("m2", "c", "Bo"),
        ("m3", "c", "Bo"),
    ],
    "missions": [("A", "M1", "First", DUE, date(2022, 3, 10), True, FEBRUARY)],
    "mission_results": [
        ("A", "M1", "m-canary-a", "met", DUE.replace(tzinfo=UTC), DUE, True, "1", False, None, "ill"),
        ("A", "M1", "m-canary-b", "missed", None, DUE, True, None, True, "course c1", None),
    ],
    "aliases": [("m1", "meeting", "L", "m1", "0", 1), ("m2", "meeting", "L", "m2", "0", 2)],
    "files": [file("a", "loaded", None), file("b", "held", "fewer rows"), file("c", "loaded", None, 2)],
    "rejects": [("c", 4, "xp", "abc", "not a number", 5), ("c", 7, "xp", "def", "not a number", 8)],
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(None) as con:
        for table in TABLES:
            warehouse.create(con, table)
        con.execute(
            "create or replace table core.parameters as "
            "select date '2022-03-31' as as_of, 'Asia/Seoul' as timezone, true as has_names"
        )
        con.execute("create or replace table core.measured as select true as has_xp, true as has_minutes")
        for table in (*OPS_TABLES, *META_TABLES, *STORED):
            rows = ROWS.get(table.name, [])
            warehouse.write_rows(con, table, [(*row, *[None] * (len(table.columns) - len(row))) for row in rows])
        yield con


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_lists_hold_what_is_to_be_done(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    current = hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY)
    reviews = read(current / "seat_reviews.csv")
    assert [(row["member_id"], row["decision"]) for row in reviews] == [
        ("m-canary-b", "reclaim"),
        ("m-canary-a", "keep"),
    ]
    assert [row["member_id"] for row in read(current / "recognition.csv")] == ["m-canary-a"]
    assert read(current / "unmatched.csv")[0]["value"] == "'=canary@example.org"
    assert [(row["file_id"], row["reason"]) for row in read(current / "files.csv")] == [("b", "fewer rows"), ("c", "")]
    (rejects,) = read(current / "rejects.csv")
    assert (rejects["path"], rejects["records"], rejects["first_line"]) == ("landing/c.csv", "2", "5")
    assert "value" not in rejects


def test_names_in_program_yaml_that_nobody_has_are_listed_with_the_nearest(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    con.execute("insert into core.named_members values ('program.yaml', 'ann le', null), ('program.yaml', 'm1', 'm1')")
    current = hand_over(Home(tmp_path), "r1", con, PROGRAM)
    assert "<td><div>Ann Lee</div></td>" in (current / "index.html").read_text(encoding="utf-8")
    (one,) = read(current / "settings.csv")
    assert one == {
        "place": "program.yaml line 2",
        "key": "review.exempt.leave[0].member",
        "kind": "person",
        "name": "ann le",
        "nearest": "Ann Lee",
        "consequence": "the leave exempts nobody: a review may propose the seat for reclaim",
    }


def test_the_most_urgent_come_first(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    current = hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY)
    assert [(row["member_id"], row["risk"]) for row in read(current / "at_risk.csv")] == [
        ("m-canary-b", "high"),
        ("m-canary-a", "watch"),
    ]
    waiting = [(row["value"], row["days_open"], row["times_sent"]) for row in read(current / "open_invitations.csv")]
    assert waiting == [("m-canary-b", "58", "1"), ("canary@example.org", "30", "2")]


def test_the_unmatched_list_says_what_it_takes_to_resolve_a_name(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    names = read(hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY) / "unmatched.csv")
    assert [(row["reason"], row["rows"], row["aliases_line"]) for row in names] == [
        ("unknown", "5", ",email,=canary@example.org"),
        ("unknown", "4", ',discord,"Kim, ""K"""'),
        ("ambiguous", "3", ",email,twin@example.org"),
        ("ambiguous", "2", ""),
        ("ambiguous", "1", ""),
        ("unknown", "1", ",meeting,Ann Lee"),
    ]
    assert [row["what_to_do"] for row in names] == [
        "add the line with the member, or the person to the roster",
        "add the line with the member, or the person to the roster",
        "several members have this e-mail address: add the line with the right one",
        "aliases name several members by it: delete all its lines but the right one",
        "its lines in aliases count for nobody: write the id of a member of the roster in their first column",
        "add the line with the member, or the person to the roster",
    ]
    assert [row["could_be"] for row in names] == ["", "", "", "", "two of the roster", "m1"]


def test_persons_have_name_and_address_beside_the_id(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    current = hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY)
    for name in ("seat_reviews", "at_risk", "open_invitations"):
        (row,) = [row for row in read(current / f"{name}.csv") if row["member_id"] == "m-canary-b"]
        assert (row["name"], row["email"]) == ("Canary B", "b@example.org")
    (stranger,) = [row for row in read(current / "open_invitations.csv") if not row["member_id"]]
    assert (stranger["name"], stranger["email"]) == ("", "canary@example.org")


def test_strangers_on_leaderboards_are_apart(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    (stranger,) = read(hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY) / "leaderboard_strangers.csv")
    assert (stranger["value"], stranger["aliases_line"]) == ("stranger", ",kaggle,stranger")


def test_standings_say_what_is_missing_in_the_programs_time(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    met, missed = read(hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY) / "mission_standings.csv")
    assert (met["status"], met["due_at"], met["met_at"], met["reason"]) == (
        "met", "2022-03-10T23:59:59", "2022-03-10T23:59:59", "ill",
    )  # fmt: skip
    assert (missed["member_id"], missed["missing"], missed["is_eliminated"]) == ("m-canary-b", "course c1", "true")


def test_stray_attendance_says_of_each_meeting_what_would_settle_it(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    then, unknown = read(hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY) / "stray_attendance.csv")
    assert list(then.values()) == [
        "Zoom 1", "no_session_then", "add the session held then, or widen `attendance.margin_minutes`", "1", "2",
        "2022-03-10T00:00:00", "2022-03-10T02:00:00", "landing/a.csv", "3",
    ]  # fmt: skip
    assert (unknown["reason"], unknown["people"], unknown["first_joined_at"]) == ("no_time", "1", "")
    assert unknown["what_to_do"] == (
        "give the day of its times (in the path, or by `exported`), or name the session as in sessions"
    )


def test_lists_without_rows_have_their_header(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    current = hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY)
    assert (current / "seat_offers.csv").read_text() == (
        "review_month,position,applicant,member_id,name,email,pool,reason\n"
    )


def test_only_the_owner_may_look(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY)
    assert stat.S_IMODE((tmp_path / "operations").stat().st_mode) == 0o700


def test_no_person_is_published(tmp_path: Path, con: duckdb.DuckDBPyConnection, release: Release) -> None:
    lists = hand_over(Home(tmp_path), "r1", con, NAMING_NOBODY)
    published = publish(Home(tmp_path), "r1", release, {}, {}, program=NAMING_NOBODY).parent
    for name in ("unmatched.csv", "index.html"):
        assert b"canary" in (lists / name).read_bytes()
    assert not [path for path in published.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]
