from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fellowship_pipeline.contracts import RAW_TABLES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.reading.files import entries_without_files
from tests.intake.homes import Place, fetch
from tests.intake.readers.test_spreadsheet import workbook

pytestmark = pytest.mark.slow

ACTIVITY = "member,occurred_at,xp\n"
STATUS = "select path, status, rows, ignored, superseded, reason from raw.files order by path, sha256"


def reasons(place: Place) -> dict[str, tuple[str, str | None]]:
    return {path: (status, reason) for path, status, _, _, _, reason in place.rows(STATUS)}


def test_canonical_headers_in_any_order_and_spelling(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": " XP ,Other,Member,Occurred_At\n10,?, kim ,2022-01-01\n"})
    query = "select member, occurred_at, xp, course, _row, _line, _fact, _timezone from raw.activity"
    assert place.rows(query) == [(" kim ", "2022-01-01", "10", None, 1, 2, None, "Asia/Seoul")]


def test_every_raw_table_is_there(place: Place) -> None:
    place.configure({})
    with place.read() as con:
        assert all(fetch(con, "select * from raw." + table.name) == [] for table in RAW_TABLES)


def test_a_mapping_with_a_factor_and_a_zone(place: Place) -> None:
    columns = {"member": "Email", "occurred_at": "Last Activity", "minutes": {"from": "Hours", "times": 60}}
    place.configure({"activity": [{"files": "landing/*.csv", "columns": columns, "timezone": "UTC"}]})
    place.land({"a.csv": "Email,Hours,Last Activity,course\nk@x,1.26,2022-01-01,R\nl@x,n/a,2022-01-02,R\nm@x,,x,R\n"})
    assert place.rows("select member, occurred_at, minutes, course, _timezone from raw.activity order by _row") == [
        ("k@x", "2022-01-01", "75.6", "R", "UTC"),
        ("l@x", "2022-01-02", "n/a", "R", "UTC"),
        ("m@x", "x", "", "R", "UTC"),
    ]


def test_a_file_without_a_required_column_is_quarantined_and_the_rest_loaded(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY + "k,2022-01-01,1\n", "b.csv": "member,xp\nk,1\n"})
    assert reasons(place) == {
        "landing/a.csv": ("loaded", None),
        "landing/b.csv": ("quarantined", "the file has no column 'occurred_at'"),
    }
    assert place.rows("select member from raw.activity") == [("k",)]


def test_a_file_without_a_mapped_column_is_quarantined_where_another_has_it(place: Place) -> None:
    columns = {"member": "Email", "occurred_at": "Date", "xp": "XP"}
    place.configure({"activity": [{"files": "landing/*.csv", "columns": columns}]})
    place.land({"a.csv": "Email,Date,XP\nk,2022-01-01,1\n", "b.csv": "Email,Date\nk,2022-01-01\n"})
    assert reasons(place)["landing/b.csv"] == ("quarantined", "the file has no column 'XP'")


def test_a_mapped_column_that_no_file_has_is_a_mistake_in_program_yaml(place: Place) -> None:
    columns = {"member": "E-mial", "occurred_at": "Date"}
    place.configure({"activity": [{"files": "landing/*.csv", "columns": columns}]})
    place.land({"a.csv": "E-mail,Date\nk,2022-01-01\n", "empty.csv": ""})
    with pytest.raises(UserError) as caught:
        place.rows(STATUS)
    assert str(caught.value) == (
        "program.yaml line 10, sources.activity[0].columns.member: no file of landing/*.csv has a column 'E-mial'."
        " Nearest: 'E-mail'. Expected a header of the file"
    )


def test_a_first_line_that_may_be_a_record_is_quoted_by_no_mistake(place: Place) -> None:
    """Of a file without a header it is a person's; what it lacks has no header that the entry asks for."""
    place.configure({"activity": [{"files": "landing/*.csv", "columns": {"member": "Names", "occurred_at": "Day"}}]})
    place.land({"a.csv": "Names Kim,2022-01-01\nLee,2022-01-02\n"})
    with pytest.raises(UserError) as caught:
        place.rows(STATUS)
    assert str(caught.value) == (
        "program.yaml line 10, sources.activity[0].columns.member: no file of landing/*.csv has a column 'Names'."
        " Expected a header of the file"
    )


def test_an_entry_without_files_is_no_mistake(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv", "columns": {"member": "A", "occurred_at": "B"}}]})
    assert place.rows(STATUS) == []
    assert entries_without_files(place.home, place.program()) == [("activity", 0, "landing/*.csv")]


def test_held_files_wait_for_a_decision(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"cut.csv": ACTIVITY + "k,2022-01-01,1\nl,2022", "none.csv": ACTIVITY, "zero.csv": ""})
    short = "line 3: the last record has fewer fields than the header: probably cut off"
    assert place.rows(STATUS) == [
        ("landing/cut.csv", "held", 0, 0, 0, short),
        ("landing/none.csv", "loaded", 0, 0, 0, "a header and nothing else: nothing new"),
        ("landing/zero.csv", "quarantined", 0, 0, 0, "empty file"),
    ]
    for path, file_id in place.rows("select path, file_id from raw.files"):
        if path == "landing/cut.csv":
            place.ledger.decide("accept", file_id)
        if path == "landing/none.csv":
            place.ledger.decide("reject", file_id)
    assert place.rows(STATUS)[:2] == [
        ("landing/cut.csv", "loaded", 2, 0, 0, "no newline at the end"),
        ("landing/none.csv", "rejected", 0, 0, 0, "rejected by an operator"),
    ]
    assert place.rows('select "row", "column", reason, line from raw.rejects') == [
        (2, "", "2 fields where the header has 3", 3)
    ]


@pytest.mark.fault("A6")
def test_a_list_of_nobody_that_would_replace_a_roster_is_held(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}]})
    place.land({"r.csv": "member,cohort\nk,1\n"})
    place.take_in()
    place.land({"r.csv": "member,cohort\n"})
    assert place.rows("select status, reason from raw.files where reason is not null") == [
        ("held", "no rows: there is a header and nothing else")
    ]
    assert place.rows("select member from raw.roster") == [("k",)]


def test_a_withdrawn_file_is_as_if_it_never_came(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}]})
    place.land({"r.csv": "member,cohort\nk,1\n"})
    place.take_in()
    place.land({"r.csv": "member,cohort\nl,1\n"})
    assert place.rows("select member from raw.roster") == [("l",)]
    ((file_id,),) = place.rows("select file_id from raw.files where status = 'loaded'")
    place.ledger.decide("withdraw", file_id)
    assert place.rows("select member from raw.roster") == [("k",)]
    place.ledger.decide("accept", file_id)
    assert place.rows("select member from raw.roster") == [("l",)]


def test_the_same_bytes_under_another_name_are_one_file(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}, {"files": "landing/b*.csv"}]})
    place.land({"a.csv": ACTIVITY + "k,2022-01-01,1\n", "b.csv": ACTIVITY + "k,2022-01-01,1\n"})
    assert place.rows("select path, entry, rows from raw.files") == [("landing/a.csv", 0, 1)]
    assert place.rows("select count(*) from raw.activity") == [(1,)]


def test_a_file_may_feed_two_sources(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}], "aliases": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": "member,cohort,kind,value\nk,1,email,k@x\n"})
    assert place.rows("select source from raw.files order by source") == [("aliases",), ("roster",)]
    assert place.rows("select value, cohort from raw.aliases, raw.roster") == [("k@x", "1")]


def test_a_newer_version_of_a_path_replaces_the_older_of_a_roster_whole(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}]})
    place.land({"r.csv": "member,cohort\nk,1\nl\n", "other.csv": "member,cohort\no,1\n"})
    place.take_in()
    place.land({"r.csv": "member,cohort\nm,1\n"})
    place.take_in()
    place.land({"r.csv": "member,cohort\n"})
    assert place.rows("select member from raw.roster order by member") == [("m",), ("o",)]
    assert sorted(row[1:5] for row in place.rows(STATUS)) == [
        ("held", 0, 0, 0),
        ("held", 0, 0, 0),
        ("loaded", 1, 0, 0),
        ("loaded", 1, 0, 0),
    ]


def test_a_superseded_version_is_counted_whole(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}]})
    place.land({"r.csv": "member,cohort\nk\nl,1\n"})
    place.take_in()
    place.land({"r.csv": "member,cohort\nm,1\n"})
    assert sorted(row[1:5] for row in place.rows(STATUS)) == [("loaded", 1, 0, 0), ("superseded", 2, 0, 2)]
    assert place.rows("select * from raw.rejects") == []


def test_a_version_that_covers_the_one_before_replaces_it(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY + "k,2022-01-01,1\n"})
    place.take_in()
    place.land({"a.csv": ACTIVITY + "k,2022-01-01,1\nk,2022-01-02,1\n"})
    assert place.rows("select count(*) from raw.activity") == [(2,)]


def test_files_that_are_gone_from_the_landing_folder_stay(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY + "k,2022-01-01,1\n"})
    place.take_in()
    (place.home.landing / "a.csv").unlink()
    assert place.rows("select count(*) from raw.activity") == [(1,)]


def test_names_and_order_do_not_matter(place: Place, tmp_path: Any) -> None:
    files = [ACTIVITY + "k,2022-01-01,1\n", ACTIVITY + "l,2022-01-02,2\n", ACTIVITY + "m,2022-01-03,3\n"]
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    tables = []
    for number, order in enumerate(([0, 1, 2], [2, 0, 1])):
        other = Place(tmp_path / str(number))
        other.home.landing.mkdir(parents=True)
        other.home.program_file.write_text(place.home.program_file.read_text())
        for step, at in enumerate(order):
            other.land({f"{number}-{step}.csv": files[at]})
            other.take_in()
        tables.append(other.rows("select * from raw.activity"))
    assert tables[0] == tables[1]


def test_declared_export_time_and_days_covered(place: Place) -> None:
    covers = {"filename": r"_(?P<from>\d{4}-\d\d-\d\d)_(?P<to>\d{4}-\d\d-\d\d)"}
    exported = {"filename": r"^(?P<date>\d{4}-\d\d-\d\d)/"}
    place.configure({"activity": [{"files": "landing/*/*.csv", "covers": covers, "exported": exported}]})
    row = ACTIVITY + "k,2022-01-01,1\n"
    place.land(
        {
            "2022-02-01/a_2022-01-01_2022-01-31.csv": row,
            "2022-02-03/a_2022-01-01_2022-01-31.csv": row,
            "x/y.csv": row + row.splitlines()[1],
            "x/bad_2022-01-01_2022-01-99.csv": row + "l,2022-01-01,1\n",
        }
    )
    files = place.rows(
        "select path, status, cast(exported_at as varchar), cast(covers_from as varchar), cast(covers_to as varchar)"
        " from raw.files order by path"
    )
    assert files == [
        ("landing/2022-02-01/a_2022-01-01_2022-01-31.csv", "loaded", "2022-02-02 15:00:00", "2022-01-01", "2022-01-31"),
        ("landing/x/bad_2022-01-01_2022-01-99.csv", "quarantined", None, None, None),
        ("landing/x/y.csv", "loaded", None, None, None),
    ]


def test_a_month_in_the_path_is_covered_as_far_as_it_was_over(place: Place) -> None:
    covers = {"filename": r"_(?P<month>\d{4}(-\d\d|년 \d\d?월))"}
    place.configure({"activity": [{"files": "landing/*.csv", "covers": covers}]})
    row = ACTIVITY + "k,2022-01-01,1\n"
    today = datetime.now(ZoneInfo("Asia/Seoul")).date()
    names = ["a_2022-02.csv", "a_2022년 1월.csv", "a_2022-13.csv", f"a_{today:%Y-%m}.csv", "a_2999-01.csv"]
    place.land({name: row + f"k,2022-01-02,{number}\n" for number, name in enumerate(names)})
    found = dict(place.rows("select path, [cast(covers_from as varchar), cast(covers_to as varchar)] from raw.files"))
    assert found["landing/a_2022-02.csv"] == ["2022-02-01", "2022-02-28"]
    assert found["landing/a_2022년 1월.csv"] == ["2022-01-01", "2022-01-31"]
    yesterday = [f"{today:%Y-%m}-01", str(today - timedelta(days=1))] if today.day > 1 else [None, None]
    assert found[f"landing/a_{today:%Y-%m}.csv"] == yesterday
    assert found["landing/a_2022-13.csv"] == found["landing/a_2999-01.csv"] == [None, None]
    assert place.rows("select reason from raw.files where status = 'quarantined'") == [
        ("the month, as a pattern finds it in the path, is no YYYY-MM",)
    ]


def test_export_time_of_a_column_is_its_latest(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv", "exported": {"column": "Made"}}]})
    place.land({"a.csv": "member,occurred_at,made\nk,2022-01-01,2022-02-01T09:00\nk,2022-01-02,2022-02-01T08:00\n"})
    assert place.rows("select cast(exported_at as varchar) from raw.files") == [("2022-02-01 00:00:00",)]


def test_a_workbook(place: Place) -> None:
    place.configure({"catalog": [{"files": "landing/*.xlsx"}]})
    place.land({"c.xlsx": workbook(S=[["Course", "Hours"], ["R", 4], ["SQL", 2.5]])})
    assert place.rows("select course, hours, _line from raw.catalog") == [("R", "4", 2), ("SQL", "2.5", 3)]


def test_an_altered_archive_stops_the_run(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY + "k,2022-01-01,1\n"})
    place.take_in()
    (kept,) = [path for path in place.home.archive.rglob("*") if path.is_file()]
    kept.write_text("other")
    with pytest.raises(UserError, match=r"is not what was archived"):
        place.rows(STATUS)
    kept.unlink()
    with pytest.raises(UserError, match=r"is missing"):
        place.rows(STATUS)


def test_the_ledger_says_what_became_of_each_file_once(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY + "l,2022\n", "b.csv": ACTIVITY + "k,2022-01-01,1\n"})
    place.rows(STATUS)
    place.rows(STATUS)
    events = [event["event"] for event in place.ledger.events()]
    assert sorted(events) == ["held", "loaded", "received", "received"]
    assert [(file.path, file.status) for file in place.ledger.state().listed()] == [
        ("landing/a.csv", "held"),
        ("landing/b.csv", "loaded"),
    ]


def test_a_changed_entry_leaves_no_second_line_in_the_list(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": ACTIVITY + "k,2022-01-01,1\n"})
    place.rows(STATUS)
    place.configure({"activity": [{"files": "landing/*.csv", "timezone": "UTC"}]})
    place.rows(STATUS)
    assert len(place.ledger.state().listed()) == 1


def test_a_survey_with_spelled_out_headers(place: Place) -> None:
    entry = {
        "files": "landing/*.csv",
        "survey": "s",
        "columns": {"submitted_at": "When", "member": "Mail"},
        "questions": {"helped": {"header": "Did it help?", "kind": "single", "options": {"Yes": "y"}}},
    }
    place.configure({"survey_responses": [entry]})
    place.land({"a.csv": "Mail,Did it help?,When\nk@x,Yes,2022-01-01\nl@x,,2022-01-02\n"})
    assert place.rows("select survey, member, submitted_at, question, answer, _row from raw.survey_responses") == [
        ("s", "k@x", "2022-01-01", "helped", "y", 1),
        ("s", "l@x", "2022-01-02", "helped", "", 2),
    ]


def test_a_name_in_the_column_of_addresses_costs_the_address_alone(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/*.csv"}]})
    place.land({"r.csv": "member,cohort,email\nk,1,Bora\nl,1,l@x.org\nm,1,a@x.org; b@x.org\nn,1,\n"})
    with place.staged() as con:
        assert fetch(con, "select member, email from staging.roster order by 1") == [
            ("k", None),
            ("l", "l@x.org"),
            ("m", None),
            ("n", None),
        ]
        assert fetch(con, "select rejected, reason, needs_look from raw.files") == [
            (0, "2 records have something else for an e-mail address: they are loaded without it", True)
        ]
