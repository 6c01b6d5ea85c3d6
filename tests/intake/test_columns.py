"""Which columns of a file are read, and what is said of those that are not."""

from __future__ import annotations

from typing import Any

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.program.rows import TABLES
from tests.intake.homes import Place, fetch
from tests.intake.workbooks import workbook

pytestmark = pytest.mark.slow

FILE = "select status, reason, needs_look from raw.files"
ACTIVITY = "select member, course, xp, minutes, kind from raw.activity order by _row"


@pytest.fixture(params=[1 << 40, 0], ids=["strict", "plain"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read by the strict reader, and by DuckDB."""
    monkeypatch.setattr(loading, "SMALLEST", request.param)


def activity(place: Place, text: str | bytes, columns: dict[str, Any] | None, **entry: Any) -> None:
    place.configure({"activity": [{"files": "landing/*", "columns": columns, **entry}]}, timezone="UTC")
    place.land({"a": text})


def staged(place: Place, query: str) -> list[tuple[Any, ...]]:
    with place.staged() as con:
        return fetch(con, query)


STAGED = "select member, course, cast(xp as double), cast(minutes as double) from staging.activity order by _row"


@pytest.mark.fault("S2")
def test_canonical_headers_that_columns_does_not_list_are_read(place: Place, either_way: None) -> None:
    """Compared without case: XP and Course are canonical; Team is nothing."""
    activity(
        place,
        "Email,When,XP,Course,Team\nkim@x,2025-03-01,10,R,a\nlee@x,2025-03-02,,SQL,b\n",
        {"member": "Email", "occurred_at": "When"},
    )
    assert staged(place, STAGED) == [("kim@x", "R", 10.0, None), ("lee@x", "SQL", None, None)]
    assert place.rows(FILE) == [("loaded", None, False)]


def test_a_required_column_need_not_be_listed_where_the_file_has_it(place: Place, either_way: None) -> None:
    activity(place, "member,occurred_at,Points\nkim,2025-03-01,10\n", {"xp": "Points"})
    assert staged(place, STAGED) == [("kim", None, 10.0, None)]


def test_a_required_column_that_is_nowhere_is_said_with_its_line(place: Place) -> None:
    activity(place, "member,Points\nkim,10\n", {"xp": "Points"})
    with pytest.raises(UserError, match=r"columns\.occurred_at: no file of landing/\* has a column 'occurred_at'"):
        place.rows(FILE)


def test_a_canonical_header_that_is_read_as_another_column_is_not_read_twice(place: Place, either_way: None) -> None:
    activity(
        place,
        "member,occurred_at,kind,xp\nkim,2025-03-01,R,10\n",
        {"member": "member", "occurred_at": "occurred_at", "course": "kind"},
    )
    query = "select course, kind, cast(xp as double) from staging.activity"
    assert staged(place, query) == [("R", None, 10.0)]
    assert place.rows(FILE) == [("loaded", None, False)]


@pytest.mark.fault("S2")
def test_a_canonical_header_whose_column_is_read_elsewhere_is_said(place: Place, either_way: None) -> None:
    activity(
        place,
        "member,occurred_at,course,Title\nkim,2025-03-01,7,R\n",
        {"course": "Title"},
    )
    assert staged(place, "select course from staging.activity") == [("R",)]
    assert place.rows(FILE) == [
        ("loaded", "not read: course, since program.yaml takes from elsewhere what bears the name", False)
    ]


def test_a_constant_in_place_of_a_column_is_said(place: Place) -> None:
    activity(place, "member,occurred_at,kind\nkim,2025-03-01,quiz\n", None, values={"kind": "lesson"})
    assert place.rows("select kind from raw.activity") == [("lesson",)]
    assert place.rows(FILE) == [
        ("loaded", "not read: kind, since program.yaml takes from elsewhere what bears the name", False)
    ]


def test_null_leaves_a_canonical_header_unread(place: Place, either_way: None) -> None:
    activity(place, "member,occurred_at,progress\nkim,2025-03-01,half\n", {"progress": None})
    assert staged(place, "select member, progress from staging.activity") == [("kim", None)]
    assert place.rows(FILE) == [("loaded", None, False)]


def test_null_for_a_column_that_must_be_there_is_a_mistake(place: Place) -> None:
    activity(place, "member,occurred_at\nkim,2025-03-01\n", {"member": None})
    with pytest.raises(UserError, match="activity must have member, which is left out here"):
        place.program()


def test_an_export_that_loses_a_canonical_column_beside_those_listed_is_held(place: Place) -> None:
    entry = {"files": "landing/*", "columns": {"member": "Email"}}
    place.configure({"activity": [entry]}, timezone="UTC")
    place.land(
        {
            "a.csv": "Email,occurred_at,xp\nkim,2025-03-01,10\n",
            "b.csv": "Email,occurred_at,points\nkim,2025-03-02,10\n",
        }
    )
    assert place.rows("select path, status, reason from raw.files order by path")[1] == (
        "landing/b.csv",
        "held",
        "column 'xp' of the export before missing; accept it if that is right",
    )


def test_a_form_has_members_and_ids_under_their_canonical_names(place: Place) -> None:
    entry = {"files": "landing/*", "survey": "s", "columns": {"submitted_at": "When"}}
    question = {"q": {"header": "Q?", "kind": "text"}}
    place.configure({"survey_responses": [{**entry, "questions": question}]}, timezone="UTC")
    place.land({"a": "When,Member,Response,Answer,Q?\n2025-03-01,kim,r1,x,fine\n"})
    assert place.rows("select response, member, question, answer from raw.survey_responses") == [
        ("r1", "kim", "q", "fine")
    ]


NAMELESS = "columns 3 and 5 have values and no header: not read; `place: 3` instead of a header reads one"


@pytest.mark.fault("S3")
@pytest.mark.parametrize(
    "data",
    [
        "member,occurred_at,,,\nkim,2025-03-01,7, ,x\n",
        workbook(S=[["member", "occurred_at", "", "", "", "xp"], ["kim", "2025-03-01", 7, None, "x", 1]]),
    ],
    ids=["csv", "xlsx"],
)
def test_columns_without_a_header_are_named_by_their_place(place: Place, data: str | bytes) -> None:
    """The fourth holds nothing."""
    activity(place, data, None)
    assert place.rows(FILE) == [("loaded", NAMELESS, True)]


@pytest.mark.fault("S3")
def test_a_column_without_a_header_is_read_by_its_place(place: Place) -> None:
    activity(place, "member,occurred_at,\nkim,2025-03-01,7\n", {"xp": {"place": 3, "times": 2}})
    assert staged(place, STAGED) == [("kim", None, 14.0, None)]
    assert place.rows(FILE) == [("loaded", None, False)]


def test_a_place_that_the_file_does_not_have(place: Place) -> None:
    activity(place, "member,occurred_at\nkim,2025-03-01\n", {"xp": {"place": 9}})
    with pytest.raises(UserError, match=r"columns\.xp: no file of landing/\* has a column 9\. Expected a header"):
        place.rows(FILE)


@pytest.mark.parametrize("mapped", [{}, {"from": "XP", "place": 3}, {"place": 0}])
def test_a_column_has_a_header_or_a_place(place: Place, mapped: dict[str, Any]) -> None:
    activity(place, "member,occurred_at,XP\nkim,2025-03-01,1\n", {"xp": mapped})
    with pytest.raises(UserError, match=r"sources\.activity\[0\]\.columns\.xp"):
        place.program()


FORM = "When,Comments,Useful,Comments\n2025-03-01,Good,5,Thanks\n2025-03-02,Slow,4,Bye\n"


def form(place: Place, **questions: Any) -> None:
    columns = {"submitted_at": "When"}
    entry = {"files": "landing/*", "survey": "s", "columns": columns, "questions": questions}
    place.configure({"survey_responses": [entry]}, timezone="UTC")
    place.land({"a": FORM})


ANSWERS = "select question, answer from raw.survey_responses order by question, _row"


@pytest.mark.fault("B21")
def test_equal_headers_that_nobody_reads_do_no_harm(place: Place) -> None:
    form(place, useful={"header": "Useful", "kind": "rating", "scale": [1, 5]})
    assert place.rows(ANSWERS) == [("useful", "5"), ("useful", "4")]
    assert place.rows(FILE) == [("loaded", None, False)]


@pytest.mark.fault("B21")
def test_one_of_several_equal_headers_is_read_by_its_place_or_not_at_all(place: Place) -> None:
    form(place, said={"header": "Comments", "kind": "text"})
    assert place.rows(FILE) == [
        (
            "quarantined",
            "columns 2 and 4 have the same header, 'Comments', and the entry reads one of them: "
            "`place: 2` instead of the header says which",
            False,
        )
    ]
    form(place, first={"place": 2, "kind": "text"}, last={"place": 4, "kind": "text"})
    assert place.rows(ANSWERS) == [("first", "Good"), ("first", "Slow"), ("last", "Thanks"), ("last", "Bye")]
    assert place.rows(FILE) == [("loaded", None, False)]


@pytest.mark.fault("B21")
def test_equal_canonical_headers_are_refused(place: Place, either_way: None) -> None:
    activity(place, "member,occurred_at,xp,XP\nkim,2025-03-01,1,2\n", None)
    ((status, reason, _),) = place.rows(FILE)
    assert (status, reason[:40]) == ("quarantined", "columns 3 and 4 have the same header, 'x")
    activity(place, "member,occurred_at,xp,XP\nkim,2025-03-01,1,2\n", {"xp": {"place": 4}})
    assert staged(place, STAGED) == [("kim", None, 2.0, None)]


TOOLS = {"kind": "multi", "headers": {"git": "Git", "python": "Python"}}


def options(place: Place, text: str, question: dict[str, Any], **entry: Any) -> list[tuple[Any, ...]]:
    settings = {"files": "landing/*", "survey": "c", "questions": {"tools": question}, **entry}
    place.configure({"survey_responses": [settings]}, timezone="UTC")
    place.land({"a": text})
    return place.rows("select _row, answer from raw.survey_responses order by _row, answer")


@pytest.mark.fault("S4")
@pytest.mark.parametrize(
    "entry", [{"preset": "google_forms"}, {"columns": {"submitted_at": "Timestamp"}}], ids=["preset", "columns"]
)
def test_a_column_per_option_is_one_question(place: Place, entry: dict[str, Any]) -> None:
    """Whatever is no word for not chosen is chosen; who chose nothing has an empty answer, which counts for nothing."""
    text = (
        "Timestamp,Git,Python\n2025-03-01 10:00:00,Git,Python\n2025-03-01 10:00:01,,x\n2025-03-01 10:00:02,0,FALSE\n"
        "2025-03-01 10:00:03,No,1\n2025-03-01 10:00:04,아니오,\n2025-03-01 10:00:05,예,0.0\n"
    )
    assert options(place, text, TOOLS, **entry) == [
        (1, "git"),
        (1, "python"),
        (2, "python"),
        (3, ""),
        (4, "python"),
        (5, ""),
        (6, "git"),
    ]
    assert place.rows(FILE) == [("loaded", None, False)]


def test_options_are_read_by_place_and_are_declared(place: Place) -> None:
    asked = {"kind": "multi", "headers": {"git": {"place": 2}, "python": {"place": 3}}}
    columns = {"submitted_at": "Timestamp"}
    text = "Timestamp,Used,Used\n2025-03-01 10:00:00,1,\n2025-03-01 10:00:01,,1\n"
    assert options(place, text, asked, columns=columns) == [(1, "git"), (2, "python")]
    assert list(TABLES["survey_options"](place.program())) == [("c", "tools", "git"), ("c", "tools", "python")]


def test_an_option_whose_header_is_not_there_is_named(place: Place) -> None:
    with pytest.raises(UserError, match=r"questions\.tools\.headers\.python: no file .* has a column 'Python'"):
        options(place, "Timestamp,Git,Pithon\n2025-03-01,Git,\n", TOOLS, columns={"submitted_at": "Timestamp"})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "single", "headers": {"a": "A"}}, "a question with a column per option is of kind multi"),
        ({"headers": {"a": "A"}}, "a question with a column per option is of kind multi"),
        ({"kind": "multi", "headers": {"a": "A"}, "header": "B"}, "expected one of header, place and headers"),
        ({"kind": "multi"}, "expected one of header, place and headers"),
        ({"kind": "multi", "headers": {"a": "A"}, "options": {"b": "b"}}, "headers say the options, one column each"),
    ],
)
def test_what_does_not_go_with_a_column_per_option(place: Place, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        options(place, "Timestamp,A\n2025-03-01,1\n", asked, columns={"submitted_at": "Timestamp"})


def test_questions_without_options_are_said(place: Place) -> None:
    asked = {
        "why": {"header": "Why?", "kind": "multi"},
        "how": {"header": "How?", "kind": "single"},
        "more": {"header": "More?", "kind": "text"},
        "sure": {"header": "Sure?", "kind": "single", "options": {"Yes": "yes"}},
    }
    entry = {"files": "landing/*", "survey": "s", "columns": {"submitted_at": "When"}, "questions": asked}
    place.configure({"survey_responses": [entry]}, timezone="UTC")
    place.land({"a": "When,Why?,How?,More?,Sure?\n2025-03-01,a,b,c,Yes\n"})
    assert place.rows(FILE) == [
        ("loaded", "no `options` of why, how: what few wrote is published as 'other' alone", True)
    ]


GRADEBOOK = (
    "Student,ID,SIS Login ID,Section\n,,,\n    Points Possible,,,\n"
    '"Ahn, Bora",1001,bora@example.org,Spring A\n"Student, Test",1099,0a1b,Spring A\n'
)


@pytest.mark.fault("S12")
def test_lines_of_a_gradebook_that_are_no_persons_are_said(place: Place) -> None:
    entry = {"files": "landing/*", "columns": {"member": "Student"}, "values": {"cohort": "spring"}}
    place.configure({"roster": [entry]})
    place.land({"a": GRADEBOOK})
    assert place.rows(FILE) == [
        (
            "loaded",
            "taken as persons, and nobody (points possible, a test student): line 3, 5; say `skip_matching`",
            True,
        )
    ]
    skip = r"^\s*(Points Possible|Student, Test)?\s*$"
    place.configure({"roster": [{**entry, "skip_matching": skip}]})
    assert place.rows("select member from raw.roster") == [("Ahn, Bora",)]
    assert place.rows(FILE) == [("loaded", None, False)]


QUALTRICS = (
    "StartDate,EndDate,Status,Finished,RecordedDate,ResponseId,Q1\n"
    "Start Date,End Date,Response Type,Finished,Recorded Date,Response ID,How helpful was it?\n"
    '"{""ImportId"":""startDate"",""timeZone"":""America/Denver""}",x,x,x,x,x,x\n'
    "2025-03-01 10:00:00,2025-03-01 10:05:00,IP Address,True,2025-03-01 10:05:01,R_1,5\n"
    "2025-03-01 10:00:00,2025-03-01 10:05:00,IP Address,True,2025-03-01 11:05:01,R_2,4\n"
    "2025-03-01 10:00:00,2025-03-01 10:05:00,IP Address,False,2025-03-08 10:05:01,R_3,2\n"
    "2025-03-01 09:00:00,2025-03-01 09:05:00,Survey Preview,True,2025-03-01 09:05:01,R_0,1\n"
)


@pytest.mark.fault("S12")
@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ({}, "1 previews and 1 unfinished responses count: say `where`"),
        ({"Status": "IP Address"}, "0 previews and 1 unfinished responses count: say `where`"),
        ({"Status": "IP Address", "Finished": "True"}, None),
    ],
)
def test_previews_and_unfinished_responses_are_said(place: Place, where: dict[str, str], reason: str | None) -> None:
    entry = {
        "files": "landing/*",
        "survey": "s",
        "where": where,
        "columns": {"response": "ResponseId", "submitted_at": "RecordedDate"},
        "questions": {"q1": {"header": "Q1", "kind": "rating", "scale": [1, 5]}},
    }
    place.configure({"survey_responses": [entry]})
    place.land({"a": QUALTRICS})
    assert place.rows(FILE) == [("loaded", reason, reason is not None)]


def test_a_column_of_the_name_alone_with_words_of_another_platform_is_not_read(place: Place) -> None:
    """A role of Attendee is none of ours; where one word is, the column is ours and the others are rejected."""
    entry = {"files": "landing/*.csv", "columns": {"member": "Email", "session": "Meeting"}}
    place.configure({"attendance": [entry]})
    place.land({"a.csv": "Email,Meeting,Role\nb@x.org,m,Attendee\nd@x.org,m,\n"})
    with place.staged() as con:
        assert fetch(con, "select member, role from staging.attendance order by 1") == [
            ("b@x.org", "participant"),
            ("d@x.org", "participant"),
        ]
        assert fetch(con, "select reason from raw.files") == [
            ("not read: role, none of whose words is one of ours; `columns` and `values` read them",)
        ]
    place.land({"a.csv": "Email,Meeting,Role\nb@x.org,m,Attendee\nd@x.org,m,host\n"})
    with place.staged() as con:
        assert fetch(con, "select member, role from staging.attendance") == [("d@x.org", "host")]
        assert fetch(con, "select value, reason from raw.rejects") == [("Attendee", "not one of participant, host")]
