"""A column per activity: each record becomes one for each activity that it says something of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fellowship_pipeline.errors import UserError
from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

MOODLE = """\
,"Email address","Quiz 1","","Quiz 2","2025-03-10 23:59:00"
"Ahn Bora","bora@example.org","Completed","2025-03-03 16:05:00","Completed (achieved pass grade)","2025-03-07 09:15:00"
"Baek Duri","duri@example.org","Not completed","","Completed (did not achieve pass grade)","2025-03-08 10:00:00"
"Cha Gaon","gaon@example.org","Completed","2025-03-04 23:00:00","Not completed",""
"Do Hana","hana@example.org","Not completed","","Not completed",""
"""
ALL = "select member, course, completed_at, score from staging.completions order by member, course"


def completions(place: Place, text: str, unpivot: dict[str, Any], **more: Any) -> list[tuple[Any, ...]]:
    columns = {"member": "Email address", **more.pop("columns", {})}
    entry = {"files": "landing/*.csv", "columns": columns, "unpivot": unpivot, **more}
    place.configure({"completions": [entry]})
    place.land({"a.csv": text})
    with place.staged() as con:
        return fetch(con, ALL)


def test_a_date_beside_each_activity(place: Place) -> None:
    """Kim of 23:00 in Seoul completed it at 14:00 UTC. Hana's record says nothing, and is ignored."""
    unpivot = {"columns": ["Quiz 1", "Quiz 2"], "header": "course", "beside": "completed_at"}
    assert completions(place, MOODLE, unpivot) == [
        ("bora@example.org", "Quiz 1", dt.datetime(2025, 3, 3, 7, 5), None),
        ("bora@example.org", "Quiz 2", dt.datetime(2025, 3, 7, 0, 15), None),
        ("duri@example.org", "Quiz 2", dt.datetime(2025, 3, 8, 1, 0), None),
        ("gaon@example.org", "Quiz 1", dt.datetime(2025, 3, 4, 14, 0), None),
    ]
    assert place.rows('select "rows", rejected, ignored, reason from raw.files') == [
        (4, 0, 1, "column 1 has values and no header: not read; `place: 1` instead of a header reads one")
    ]


def test_what_the_cells_say_can_be_asked_of(place: Place) -> None:
    unpivot = {"columns": ["Quiz 1", "Quiz 2"], "header": "course", "cell": "certificate", "beside": "completed_at"}
    found = completions(place, MOODLE, unpivot, where={"certificate": ["Completed", "Completed (achieved pass grade)"]})
    assert [(member, course) for member, course, _, _ in found] == [
        ("bora@example.org", "Quiz 1"),
        ("bora@example.org", "Quiz 2"),
        ("gaon@example.org", "Quiz 1"),
    ]


def test_columns_by_a_pattern_with_their_name(place: Place) -> None:
    text = "Email address,Quiz 1 (101),Essay (102),Final Score\nb@x.org,9.00,,90\nd@x.org,8,40.5,80\n"
    unpivot = {"matching": r"^(?P<name>.+) \(\d+\)$", "header": "course", "cell": "score"}
    assert completions(place, text, unpivot, values={"completed_at": "2025-05-31"}) == [
        ("b@x.org", "Quiz 1", dt.datetime(2025, 5, 30, 15, 0), 9.0),
        ("d@x.org", "Essay", dt.datetime(2025, 5, 30, 15, 0), 40.5),
        ("d@x.org", "Quiz 1", dt.datetime(2025, 5, 30, 15, 0), 8.0),
    ]


def test_a_register_with_a_column_per_session(place: Place) -> None:
    unpivot = {"matching": r"^\d{4}-\d\d-\d\d$", "header": "session", "cell": "status"}
    entry = {
        "files": "landing/*.csv",
        "columns": {"member": "Name"},
        "unpivot": unpivot,
        "where": {"status": "P"},
        "values": {"status": {"P": "attended"}},
    }
    place.configure({"attendance": [entry]})
    place.land({"a.csv": "Name,2025-03-03,2025-03-10\nBora,P,A\nDuri,,P\n"})
    with place.staged() as con:
        assert fetch(con, "select session, member, status from staging.attendance order by all") == [
            ("2025-03-03", "Bora", "attended"),
            ("2025-03-10", "Duri", "attended"),
        ]
        assert fetch(con, 'select "rows", staged, ignored from raw.files') == [(2, 2, 0)]


def test_a_register_lists_its_sessions(place: Place) -> None:
    """What the header is read as stays its own, whatever else is read from it: here the day without its year."""
    entry = {
        "files": "landing/*.csv",
        "columns": {"starts_at": {"from": "session", "format": "%m/%d", "year": 2025}},
        "unpivot": {"matching": r"^\d+/\d+$", "header": "session"},
        "values": {"kind": "study"},
    }
    place.configure({"sessions": [entry]})
    place.land({"a.csv": "Name,3/5,3/12\nBora,O,X\nDuri,X,O\n"})
    with place.staged() as con:
        assert fetch(con, "select session, kind, starts_at from staging.sessions order by all") == [
            ("3/12", "study", dt.datetime(2025, 3, 11, 15, 0)),
            ("3/5", "study", dt.datetime(2025, 3, 4, 15, 0)),
        ]


@pytest.mark.parametrize(
    ("unpivot", "said"),
    [
        (
            {"columns": ["Quiz 9"], "header": "course"},
            "unpivot.columns: no file of landing/*.csv has a column 'Quiz 9'",
        ),
        ({"matching": "^Test", "header": "course"}, "unpivot.matching: no file of landing/*.csv has a column '^Test'"),
    ],
)
def test_columns_that_are_not_there_are_named(place: Place, unpivot: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError) as refusal:
        completions(place, MOODLE, unpivot, values={"completed_at": "2025-05-31"})
    assert said in str(refusal.value)


def test_nothing_right_of_the_last_column(place: Place) -> None:
    unpivot = {"columns": ["Quiz 1"], "header": "course", "beside": "completed_at"}
    assert completions(place, "Email address,Quiz 1\nb@x.org,Completed\n", unpivot) == []
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "nothing stands to the right of the last column, 'Quiz 1' (`unpivot: beside`)")
    ]


@pytest.mark.parametrize(
    ("unpivot", "said"),
    [
        ({"header": "course"}, "expected either columns or matching"),
        ({"columns": ["a"], "matching": "b", "header": "course"}, "expected either columns or matching"),
        ({"columns": ["a"], "header": "course", "cell": "course"}, "expected a column of its own"),
        ({"columns": ["a"], "header": "corse"}, "unknown column of completions 'corse'. Nearest: 'course'"),
    ],
)
def test_what_cannot_be_meant_is_refused(place: Place, unpivot: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        completions(place, MOODLE, unpivot)


def test_a_word_in_a_cell_is_the_day_that_values_give_it(place: Place) -> None:
    """A sheet of who passed which mission, as certifications."""
    entry = {
        "files": "landing/*.csv",
        "columns": {"member": "Name"},
        "unpivot": {"matching": "^Mission", "header": "certification", "cell": "issued_on"},
        "where": {"issued_on": "PASS"},
        "values": {"issued_on": {"PASS": "2025-04-30"}},
    }
    place.configure({"certifications": [entry]})
    place.land({"a.csv": "Name,Mission 1,Mission 2\nAnn,PASS,FAIL\nBea,PASS,\n"})
    with place.staged() as con:
        assert fetch(con, "select member, certification, issued_on from staging.certifications order by member") == [
            ("Ann", "Mission 1", dt.date(2025, 4, 30)),
            ("Bea", "Mission 1", dt.date(2025, 4, 30)),
        ]
