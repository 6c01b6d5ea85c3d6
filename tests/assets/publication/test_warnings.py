"""What a run warns of that no table holds: places without files, files that had to stay where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assets.publication.coverage import coverage
from assets.publication.misnamed import beside_reviews, misnamed, nearest
from assets.publication.warnings import warnings
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.program import parse_program
from fellowship_pipeline.warehouse import connect, create

PROGRAM = parse_program(
    """\
program: {id: test}
sources:
  activity:
    - {files: landing/a*.csv}
    - {files: "s3://exports/*.csv"}
"""
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(None) as con:
        for table in TABLES:
            create(con, table)
        con.execute("insert into core.parameters (as_of, timezone) values ('2022-01-01', 'Asia/Seoul')")
        yield con


@pytest.mark.fault("A14", "A16")
def test_files_left_where_they_lie_and_places_without_files(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    ledger = Ledger(Home(tmp_path).ledger)
    ledger.append(
        [
            {"event": "left", "path": "landing/a\n\udcff.csv", "reason": "cannot be read (busy)"},
            {"event": "left", "path": "s3://exports/*.csv", "reason": "no access (403)"},
        ]
    )
    assert [line["en"] for line in warnings(con, Home(tmp_path), PROGRAM, named=True)] == [
        "program.yaml line 4: no file fits 'landing/a*.csv'",
        r"landing/a\n\udcff.csv: left for the next run: cannot be read (busy)",
        "s3://exports/*.csv: left for the next run: no access (403)",
    ]


@pytest.mark.fault("B24")
def test_what_is_odd_about_a_loaded_file_is_said_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    odd = "the summary says 9 attended, the report lists 8"
    files = [
        ("1", "attendance", "landing/t.csv", "loaded", odd, True),
        ("2", "sessions", "landing/t.csv", "loaded", odd, True),
        ("3", "activity", "landing/n.csv", "loaded", "no newline at the end", False),
        ("4", "activity", "landing/l.csv", "loaded", None, False),
        ("5", "activity", "landing/s.csv", "superseded", "a newer version lies in its place", False),
    ]
    con.executemany(
        "insert into raw.files (file_id, source, path, status, reason, needs_look) values (?, ?, ?, ?, ?, ?)",
        [list(file) for file in files],
    )
    said = [line["en"] for line in warnings(con, Home(tmp_path), PROGRAM, named=True)]
    assert [line for line in said if "loaded" in line] == [f"landing/t.csv: loaded, but {odd}"]


@pytest.mark.fault("S10")
def test_a_file_of_which_nothing_is_left_is_said(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Whose records were rejected, but for what its entry ignores; not whose records a later export replaces."""
    files = [
        ("1", "landing/all.csv", "loaded", 3, 0, 3, 0, 0),
        ("2", "landing/rest.csv", "loaded", 3, 0, 1, 0, 2),
        ("3", "landing/some.csv", "loaded", 3, 1, 2, 0, 0),
        ("4", "landing/older.csv", "loaded", 3, 0, 1, 2, 0),
        ("5", "landing/none.csv", "loaded", 3, 0, 0, 0, 3),
        ("6", "landing/held.csv", "held", 0, 0, 0, 0, 0),
    ]
    con.executemany(
        "insert into raw.files (file_id, source, path, status, rows, staged, rejected, superseded, ignored) "
        "values (?, 'activity', ?, ?, ?, ?, ?, ?, ?)",
        [list(file) for file in files],
    )
    said = [line["en"] for line in warnings(con, Home(tmp_path), PROGRAM, named=True)]
    assert [line for line in said if "loaded" in line] == [
        "2 files are loaded, but every record of them was rejected: landing/all.csv, landing/rest.csv. "
        f"`fellowship check {tmp_path}/landing/all.csv --home {tmp_path}` says what would mend the first",
    ]


def test_strangers_on_leaderboards_are_said_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    names = [("competitions", f"s{number}", "unknown") for number in range(3)]
    names += [("competitions", "twin", "ambiguous"), ("activity", "x", "unknown")]
    con.executemany("insert into ops.unmatched (source, value, reason) values (?, ?, ?)", names)
    con.execute("insert into staging.competitions (member) select 's' || range from range(3)")
    con.execute("insert into staging.activity (member, member_id) values ('x', null), ('a', 'a')")
    said = [line["en"] for line in warnings(con, Home(tmp_path), PROGRAM, named=True)]
    assert "names that resolve to nobody: 2; see operations/current/unmatched.csv" in said
    assert [line.partition(";")[0] for line in said if "leaderboards" in line] == [
        "names on leaderboards are nobody of this program: 3"
    ]


def test_attendance_without_a_list_of_sessions_says_what_is_missing(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("insert into ops.stray_attendance (session) values ('2022-03-02'), ('2022-03-09')")

    def said() -> list[str]:
        lines = (line["en"] for line in warnings(con, Home(tmp_path), PROGRAM, named=True))
        return [line for line in lines if "attendance" in line]

    assert said() == [
        "no file lists the sessions, so that no attendance counts: 2 rows; give `sources: sessions` a file "
        "with a row for each session (session, kind, starts_at)"
    ]
    con.execute("insert into staging.sessions (session) values ('clinic-1')")
    assert said() == ["attendance of no session for certain: 2; see operations/current/stray_attendance.csv"]


def test_a_headline_that_is_asked_for_and_has_no_figure_is_said(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    program = parse_program(
        """\
program: {id: test}
sources: {}
targets:
  adoption_rate: 0.9
  attendance_rate: 0.5
scorecard: {headline: [placement_rate, adoption_rate]}
"""
    )
    rows = [("adoption_rate", 0.4), ("attendance_rate", None)]
    con.executemany("insert into kpi.scorecard (kpi, slice_by, slice, value) values (?, 'all', 'all', ?)", rows)
    assert [line["en"] for line in warnings(con, Home(tmp_path), program)] == [
        f"program.yaml line {line}: {kpi} has no figure as of 2022-01-01; `fellowship explain HOME {kpi}` says why"
        for line, kpi in ((5, "attendance_rate"), (6, "placement_rate"))
    ]


MISNAMED = parse_program(
    """\
program: {id: test}
cohorts:
  - {id: 2021H2, starts_on: 2021-08-01}
  - {id: 2022-H1, starts_on: 2022-02-01}
seats:
  - {pool: datacamp, from: 2021-08-01, capacity: 60}
  - {pool: coursera, from: 2022-02-01, capacity: 60}
review:
  exempt:
    leave:
      - {member: kim@x.org, from: 2022-01-01}
      - {member: m1, from: 2022-01-01}
missions:
  exceptions:
    - {member: zzz, mission: M-1, cohort: 2021-H3, reason: ill}
surveys:
  - {id: year-1, cohorts: [2021-H2], goal_helped: {question: helped, option: "yes"}}
  - {id: yeer-2}
excluded:
  - bot
  - qa@x.or
sources:
  roster: [{files: landing/r.csv}]
"""
)


@pytest.fixture
def misnaming(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    con.execute("update core.parameters set has_names = true")
    con.execute(
        "insert into core.named_members select 'program.yaml', name, member_id "
        "from (values ('kim@x.org', null), ('m1', 'm1'), ('zzz', null)) as t(name, member_id)"
    )
    con.execute("insert into raw.excluded values ('bot', 3), ('qa@x.or', 0)")
    con.execute("insert into staging.roster (member, email, cohort) values ('m1', 'Kim@x.org', '2021-H2')")
    con.execute("insert into ops.unmatched (source, value, reason) values ('activity', 'qa@x.org', 'unknown')")
    con.execute("insert into staging.seat_events (member, pool) values ('m1', 'Data Camp'), ('m1', 'DataCamp')")
    con.execute("insert into staging.missions (cohort, mission) values ('2021-H2', 'M1')")
    con.execute(
        "insert into staging.survey_responses (survey, response, question) values ('year-1', 'r', 'helped_goal')"
    )
    return con


def test_names_in_program_yaml_that_nobody_has_are_said_by_their_place_alone(
    misnaming: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """On a terminal, whose words end in logs, no more than on a page; pools, cohorts and the like by their names."""
    said = warnings(misnaming, Home(tmp_path), MISNAMED, named=True)
    assert [line["en"] for line in said][:10] == [
        "program.yaml line 21, excluded[1]: the name there is nobody; see operations/current/settings.csv",
        "program.yaml line 11, review.exempt.leave[0].member: the name there is nobody; see "
        "operations/current/settings.csv",
        "program.yaml line 15, missions.exceptions[0].member: the name there is nobody; see "
        "operations/current/settings.csv",
        "program.yaml line 6, seats[0].pool: no data knows this pool: 'datacamp'. Nearest: 'Data Camp'",
        "program.yaml line 5: no entry of seats names a pool of the data, so that it has no capacity: 'DataCamp'. "
        "Nearest: 'datacamp'",
        "program.yaml line 3, cohorts[0].id: no data knows this cohort: '2021H2'. Nearest: '2021-H2'",
        "program.yaml line 15, missions.exceptions[0].cohort: no data knows this cohort: '2021-H3'. Nearest: '2021-H2'",
        "program.yaml line 15, missions.exceptions[0].mission: no data knows this mission: 'M-1'. Nearest: 'M1'",
        "program.yaml line 17, surveys[0].goal_helped.question: no data knows this question: 'helped'. "
        "Nearest: 'helped_goal'",
        "program.yaml line 18, surveys[1].id: no data knows this survey: 'yeer-2'. Nearest: 'year-1'",
    ]
    assert said[3]["ko"] == (
        "program.yaml line 6, seats[0].pool: 자료에 없는 풀입니다: 'datacamp'. 가장 가까운 이름: 'Data Camp'"
    )
    beside = beside_reviews(misnaming, MISNAMED)
    assert beside[1] == (
        "program.yaml line 11, review.exempt.leave[0].member: no data knows it: the leave exempts nobody: a review may "
        "propose the seat for reclaim; see operations/current/settings.csv"
    )
    keys = ["excluded[1]", "review.exempt.leave[0].member", "seats[0].pool", "seats", "seats"]
    assert [line.split(": ")[0].split(", ")[1] for line in beside] == keys
    page = warnings(misnaming, Home(tmp_path), MISNAMED)
    assert [line["en"] for line in page][3:5] == [
        "program.yaml line 6, seats[0].pool: no data knows this pool: see operations/current/settings.csv",
        "program.yaml line 5: no entry of seats names a pool of the data, so that it has no capacity: see "
        "operations/current/settings.csv",
    ]


def test_a_program_without_names_of_its_own_knows_who_holds_a_seat_or_learns(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Without a roster whatever is written is a member; whoever has done nothing is a misspelling all the same."""
    program = parse_program(
        """\
program: {id: test}
review: {exempt: {leave: [{member: anna@x.org}, {member: ben@x.org}, {member: bne@x.org}]}}
sources: {activity: [{files: landing/a.csv}]}
"""
    )
    con.execute("update core.parameters set has_names = false")
    con.execute(
        "insert into core.named_members select 'program.yaml', name, name "
        "from (values ('anna@x.org'), ('ben@x.org'), ('bne@x.org')) as t(name)"
    )
    con.execute("insert into core.seats (person, member_id, pool) values ('ben@x.org', 'ben@x.org', 'p')")
    con.execute("insert into core.activity_days (member_id, day) values ('anna@x.org', '2022-01-01')")
    (found,) = misnamed(con, program)
    assert (found.key, found.name) == ("review.exempt.leave[2].member", "bne@x.org")
    assert nearest(con, program, [found]) == ["ben@x.org"]


@pytest.mark.fault("H1", "H13")
def test_a_page_tells_a_file_by_its_id_and_its_source(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Neither its name nor a reason, which may quote a sheet, a header or another file."""
    Ledger(Home(tmp_path).ledger).append([{"event": "left", "path": "landing/Kim Minsu.csv", "reason": "busy"}])
    files = [
        ("f1", "activity", "landing/Kim Minsu 1.csv", "held", "fewer rows than Kim Minsu 0.csv", 0, False),
        ("f2", "roster", "landing/Kim Minsu 2.csv", "quarantined", "empty file", 0, False),
        ("f3", "attendance", "landing/Kim Minsu 3.csv", "loaded", "the sheet 'Kim Minsu' is hidden", 0, True),
        ("f4", "sessions", "landing/Kim Minsu 3.csv", "loaded", "the sheet 'Kim Minsu' is hidden", 0, True),
        ("f5", "activity", "landing/Kim Minsu 4.csv", "loaded", None, 2, False),
    ]
    con.executemany(
        "insert into raw.files (file_id, source, path, status, reason, rejected, needs_look, staged, superseded) "
        "values (?, ?, ?, ?, ?, ?, ?, 0, 0)",
        [list(file) for file in files],
    )
    said = warnings(con, Home(tmp_path), PROGRAM)
    assert "Kim" not in repr(said)
    assert [line["en"] for line in said] == [
        "file f1 (activity): held; see operations/current/files.csv",
        "file f2 (roster): quarantined; see operations/current/files.csv",
        "file f5 (activity): loaded, but every record of it was rejected",
        "file f3 (attendance): loaded, but somebody has to look at it; see operations/current/files.csv",
        "file f4 (sessions): loaded, but somebody has to look at it; see operations/current/files.csv",
        "program.yaml line 4, 5: no file fits",
        "files left for the next run: 1; `fellowship files` names them and says why",
    ]
    assert said[0]["ko"] == "파일 f1(activity): 보류됨: operations/current/files.csv 참고"
    assert sum("Kim Minsu" in line["en"] for line in warnings(con, Home(tmp_path), PROGRAM, named=True)) == 5


def test_what_happened_after_as_of_is_counted_by_source(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """As of 2022-01-01 in Seoul, whose next day begins at 15:00 UTC: two answers of one response, and an outcome."""
    con.execute(
        "insert into staging.survey_responses (survey, response, submitted_at, question, answer, _file_id, _row) values"
        " ('s', 'r1', '2022-01-01 14:59:59', 'q1', 'a', 'f', 1), ('s', 'r2', '2022-01-01 15:00:00', 'q1', 'a', 'f', 2),"
        " ('s', 'r2', '2022-01-01 15:00:00', 'q2', 'b', 'f', 3)"
    )
    con.execute(
        "insert into staging.outcomes (member, kind, occurred_on, _file_id, _row)"
        " values ('m', 'job', '2022-01-02', 'f', 1)"
    )
    said = [line["en"] for line in warnings(con, Home(tmp_path), PROGRAM, named=True)]
    assert (
        "rows of a day after 2022-01-01, as of which figures are, count for nothing yet: outcomes 1, survey_responses 1"
        in said
    )


def test_a_list_of_seats_that_came_later_waits_for_what_it_does_not_date(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Of who was removed nothing waits: nobody says that there was a seat by then."""
    dated, undated = "'2021-12-01'", "null"
    states = [("active", dated), ("active", undated), ("invited", undated), ("removed", undated)]
    for at, (status, moment) in enumerate(states):
        con.execute(
            "insert into staging.seat_snapshots (member, status, exported_at, invited_at, accepted_at, _file_id, _row)"
            f" values ('m{at}', '{status}', '2022-01-05', {moment}, {moment}, 'f', {at})"
        )
    said = [line["en"] for line in warnings(con, Home(tmp_path), PROGRAM, named=True)]
    assert "rows of a day after 2022-01-01, as of which figures are, count for nothing yet: seat_snapshots 2" in said


def test_the_first_and_last_day_are_of_staged_rows_whether_their_members_are_known_or_not(
    con: duckdb.DuckDBPyConnection,
) -> None:
    moments = ["2021-10-30 15:00:00", "2021-12-31 14:59:59", "2022-01-01 14:59:59"]
    con.executemany("insert into staging.activity (member, occurred_at) values ('x', ?)", [[one] for one in moments])
    first_and_last = (date(2021, 10, 31), date(2022, 1, 1))
    found = coverage(con, PROGRAM, "activity", date(2022, 1, 1))
    assert (found.first_day, found.last_day) == first_and_last
    con.execute("insert into core.activity_days (member_id, day) values ('m', '2021-12-31')")
    found = coverage(con, PROGRAM, "activity", date(2022, 1, 1))
    assert (found.first_day, found.last_day) == first_and_last
