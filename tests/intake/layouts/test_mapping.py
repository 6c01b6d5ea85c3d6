from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.plain import loading
from tests.intake.homes import Place, fetch
from tests.intake.workbooks import workbook

pytestmark = pytest.mark.slow

REJECTS = 'select "row", "column", value, reason, line from raw.rejects order by "row", "column"'


def activity(place: Place, **columns: Any) -> None:
    place.configure(
        {"activity": [{"files": "landing/*", "columns": {"member": "m", "occurred_at": "when", **columns}}]}
    )


def read(place: Place, text: str | bytes, column: str) -> list[str]:
    """What raw.activity has in a column after a file was read."""
    place.land({"a": text})
    return [value for (value,) in place.rows(f"select {column} from raw.activity order by _row")]


def rejected(place: Place) -> list[tuple[Any, ...]]:
    with place.read() as con:
        return fetch(con, REJECTS)


@pytest.mark.fault("C8")
@pytest.mark.parametrize(
    ("form", "written", "canonical"),
    [
        ("%d.%m.%Y", "03.04.2024", "2024-04-03"),
        ("%d/%m/%Y", "03/04/2024", "2024-04-03"),
        ("%m/%d/%Y", "03/04/2024", "2024-03-04"),
        ("%Y. %m. %d.", "2024. 3. 5.", "2024-03-05"),
        ("%y/%m/%d", "24/3/5", "2024-03-05"),
        ("%Y-%m-%d %p %I:%M:%S", "2024-03-05 오후 3:04:05", "2024-03-05T15:04:05"),
        ("%Y-%m-%d %p %I:%M:%S", "2024-03-05 오전 12:04:05", "2024-03-05T00:04:05"),
        ("%d.%m.%Y %H:%M %z", "03.04.2024 09:30 +0900", "2024-04-03T09:30:00+09:00"),
    ],
)
def test_dates_are_read_by_the_form_that_is_declared(place: Place, form: str, written: str, canonical: str) -> None:
    activity(place, occurred_at={"from": "when", "format": form})
    assert read(place, f"m;when\nk;{written}\nl;\n", "occurred_at") == [canonical, ""]


@pytest.mark.fault("C8")
@pytest.mark.parametrize("written", ["2024. 3. 5.", "24/3/5", "03/04/2024", "오후 3:04:05", "5 March 2024"])
def test_undeclared_dates_are_rejected_not_guessed(place: Place, written: str) -> None:
    activity(place)
    place.land({"a": f"m,when\nk,{written}\nl,2024-03-05\n"})
    with place.staged() as con:
        assert fetch(con, 'select "row", "column", line from raw.rejects') == [(1, "occurred_at", 2)]
        assert fetch(con, "select member from staging.activity") == [("l",)]


@pytest.mark.fault("C8")
def test_dates_that_no_declared_form_fits_are_rejected_with_their_text(place: Place) -> None:
    activity(place, occurred_at={"from": "when", "format": "%d.%m.%Y"}, xp="XP")
    place.land({"a": "m,when,XP\nk,31.01.2024,1\nl,31.02.2024,2\nn,2024-01-31,3\no,1.2.2024,4\n"})
    rule = "not a date of the form %d.%m.%Y, or of several that differ"
    assert rejected(place) == [
        (2, "occurred_at", "31.02.2024", rule, 3),
        (3, "occurred_at", "2024-01-31", rule, 4),
    ]
    assert place.rows("select _row, member, xp, occurred_at from raw.activity") == [
        (1, "k", "1", "2024-01-31"),
        (4, "o", "4", "2024-02-01"),
    ]
    assert place.rows("select rows, status from raw.files") == [(4, "loaded")]


@pytest.mark.fault("C8")
def test_a_date_that_two_declared_forms_read_differently_is_rejected(place: Place) -> None:
    activity(place, occurred_at={"from": "when", "format": ["%d/%m/%Y", "%m/%d/%Y"]})
    assert read(place, "m,when\nk,31/12/2024\nl,12/31/2024\nm,03/04/2024\no,04/04/2024\n", "occurred_at") == [
        "2024-12-31",
        "2024-12-31",
        "2024-04-04",
    ]
    rule = "not a date of the form %d/%m/%Y or %m/%d/%Y, or of several that differ"
    assert rejected(place) == [(3, "occurred_at", "03/04/2024", rule, 4)]


@pytest.mark.fault("C7")
def test_real_dates_of_a_workbook_need_no_form_beside_texts_that_have_one(place: Place) -> None:
    activity(place, occurred_at={"from": "when", "format": "%d.%m.%Y"})
    book = workbook(S=[["m", "when"], ["k", dt.datetime(2024, 4, 3)], ["l", "03.04.2024"], ["n", "3 April"]])
    assert read(place, book, "occurred_at") == ["2024-04-03", "2024-04-03"]
    assert [row for row, *_ in rejected(place)] == [3]


@pytest.mark.fault("C19")
@pytest.mark.parametrize(
    ("form", "written", "plain"),
    [
        ({"thousands": ","}, "1,234", "1234"),
        ({"thousands": ","}, "1,234,567.5", "1234567.5"),
        ({"thousands": " "}, "1 234", "1234"),
        ({"thousands": " "}, "1\u00a0234", "1234"),
        ({"thousands": " "}, "１２３", "123"),
        ({"decimal": ",", "thousands": "."}, "1.234,5", "1234.5"),
        ({"decimal": ",", "thousands": "."}, "-0,5", "-0.5"),
        ({"decimal": ","}, "1234,5", "1234.5"),
        ({"decimal": ",", "times": 60}, "1,5", "90"),
        ({"thousands": "'"}, "1'234.5", "1234.5"),
    ],
)
def test_numbers_are_read_by_the_form_that_is_declared(
    place: Place, form: dict[str, Any], written: str, plain: str
) -> None:
    activity(place, xp={"from": "XP", **form})
    assert read(place, f"m;when;XP\nk;2024-01-01;{written}\nl;2024-01-01;\n", "xp") == [plain, ""]


@pytest.mark.fault("C19")
@pytest.mark.parametrize(
    ("form", "written", "rule"),
    [
        ({"thousands": ","}, "1,23", "not a number of the form 1,234.5, or one that reads two ways"),
        ({"thousands": ","}, "1.234,5", "not a number of the form 1,234.5, or one that reads two ways"),
        ({"decimal": ","}, "1.234,5", "not a number of the form 1234,5, or one that reads two ways"),
        ({"decimal": ",", "thousands": "."}, "12.34", "not a number of the form 1.234,5, or one that reads two ways"),
        ({"percent": True}, "25 % done", "not a number of the form 1234.5 %, or one that reads two ways"),
    ],
)
def test_numbers_of_another_form_are_rejected_with_their_text(
    place: Place, form: dict[str, Any], written: str, rule: str
) -> None:
    activity(place, progress={"from": "XP", **form})
    place.land({"a": f"m;when;XP\nk;2024-01-01;{written}\n"})
    assert rejected(place) == [(1, "progress", written, rule, 2)]


@pytest.mark.fault("C19", "D9")
@pytest.mark.parametrize("written", ["1,234", "1 234", "1.234,5", "25 %", "25%"])
def test_undeclared_numbers_are_rejected_not_guessed(place: Place, written: str) -> None:
    activity(place, progress="XP")
    place.land({"a": f"m;when;XP\nk;2024-01-01;{written}\n"})
    with place.staged() as con:
        ((column, reason),) = fetch(con, 'select "column", reason from raw.rejects')
    assert (column, reason.partition(",")[0]) == ("progress", "not a number (plain decimal with a point)")


@pytest.mark.fault("D9")
def test_percentages_are_declared(place: Place) -> None:
    """With the sign or without; a share that is none is not told from a small percentage."""
    activity(place, progress={"from": "P", "percent": True})
    assert read(place, "m,when,P\nk,2024-01-01,25 %\nk,2024-01-02,25%\nk,2024-01-03,57.73\n", "progress") == [
        "0.25",
        "0.25",
        "0.5773",
    ]


@pytest.mark.fault("D9", "C19")
def test_numbers_of_a_workbook_that_read_two_ways_are_rejected(place: Place) -> None:
    """A cell shown as 25 % holds 0.25; one that holds 1.234 could be meant as a text for 1234."""
    activity(
        place,
        progress={"from": "P", "percent": True},
        xp={"from": "XP", "decimal": ",", "thousands": "."},
    )
    day = dt.date(2024, 1, 1)
    book = workbook(
        S=[["m", "when", "P", "XP"], ["k", day, "25 %", "1.234,5"], ["k", day, 0.25, 10], ["k", day, "5%", 1.234]]
    )
    assert read(place, book, "xp") == ["1234.5"]
    assert [(row, column) for row, column, *_ in rejected(place)] == [(2, "progress"), (3, "xp")]


def test_numbers_of_a_workbook_need_no_form_beside_texts_that_have_one(place: Place) -> None:
    activity(place, xp={"from": "XP", "decimal": ","})
    day = dt.date(2024, 1, 1)
    assert read(place, workbook(S=[["m", "when", "XP"], ["k", day, 1.5], ["l", day, "1,5"]]), "xp") == ["1.5", "1.5"]


def test_a_record_with_a_date_that_is_none_gives_no_answers(place: Place) -> None:
    question = {"q": {"header": "Q?", "kind": "text"}}
    when = {"from": "when", "format": "%d.%m.%Y"}
    entry = {"files": "landing/*", "survey": "s", "columns": {"submitted_at": when}, "questions": question}
    place.configure({"survey_responses": [entry]})
    place.land({"a": "when,Q?\n1.2.2024,yes\nsoon,no\n"})
    assert place.rows("select answer, submitted_at, _row from raw.survey_responses") == [("yes", "2024-02-01", 1)]
    assert [row[:3] for row in rejected(place)] == [(2, "submitted_at", "soon")]


@pytest.mark.parametrize(
    ("column", "form", "said"),
    [
        ("occurred_at", {"format": "%H:%M"}, "columns.occurred_at.format: expected a format of whole dates"),
        ("occurred_at", {"format": "%d.%m.%Y", "decimal": ","}, "a date has a format, a number none"),
        ("occurred_at", {"decimal": ","}, "occurred_at is no number and has no decimal"),
        ("xp", {"format": "%d.%m.%Y"}, "xp is no date and has no format"),
        ("xp", {"thousands": "."}, "the same as what stands before the decimals: declare `decimal`"),
        ("xp", {"decimal": ";"}, "columns.xp.decimal"),
    ],
)
def test_forms_that_do_not_fit_are_mistakes_in_program_yaml(
    place: Place, column: str, form: dict[str, Any], said: str
) -> None:
    activity(place, **{column: {"from": "x", **form}})
    with pytest.raises(UserError) as refused:
        place.program()
    assert said in str(refused.value)


def lengths(place: Place, text: str, **form: Any) -> list[str]:
    activity(place, minutes={"from": "time", **form} if form else "time")
    return read(place, text, "minutes")


def test_lengths_of_time_are_minutes_and_a_factor_is_for_bare_numbers(place: Place) -> None:
    text = "m,when,time\nk,2025-03-03,1:30:00\nl,2025-03-03,1 hr 5 min\nn,2025-03-03,0.5\no,2025-03-03,\n"
    assert lengths(place, text, times=60) == ["90", "65", "30", ""]


@pytest.mark.parametrize(("clock", "minutes"), [("h:mm", "90"), ("m:ss", "1.5")])
def test_a_clock_of_two_parts_is_what_is_declared(place: Place, clock: str, minutes: str) -> None:
    assert lengths(place, "m,when,time\nk,2025-03-03,1:30\n", duration=clock) == [minutes]


def test_a_clock_of_two_parts_asks(place: Place) -> None:
    assert lengths(place, "m,when,time\nk,2025-03-03,1:30\nl,2025-03-03,90\n") == ["90"]
    ((row, column, value, reason, line),) = rejected(place)
    assert (row, column, value, line) == (1, "minutes", "1:30", 2)
    assert reason == (
        "may be hours and minutes, or minutes and seconds: say `duration: h:mm` or `duration: m:ss` under `columns`"
    )


def test_canonical_headers_have_lengths_of_time_too(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*"}]})
    place.land({"a.csv": "member,occurred_at,minutes\nk,2025-03-03,PT45M\nl,2025-03-03,63 mins\n"})
    assert place.rows("select minutes from raw.activity order by _row") == [("45",), ("63",)]


def test_lengths_of_time_of_a_large_plain_file_are_read_alike(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SMALLEST", 0)
    place.configure({"activity": [{"files": "landing/*"}]})
    place.land({"a.csv": "member,occurred_at,minutes\nk,2025-03-03,1:00:00\nl,2025-03-03,30\n"})
    with place.staged() as con:
        assert fetch(con, "select member, minutes from staging.activity order by 1") == [("k", 60), ("l", 30)]


@pytest.mark.parametrize("smallest", [0, 1 << 30])
def test_a_formula_of_a_text_is_the_text(place: Place, monkeypatch: pytest.MonkeyPatch, smallest: int) -> None:
    monkeypatch.setattr(loading, "SMALLEST", smallest)
    place.configure({"activity": [{"files": "landing/*"}]})
    place.land({"a.csv": 'member,occurred_at\n"=""0012""","=""2025-03-10 19:02:11"""\n'})
    with place.staged() as con:
        assert fetch(con, "select member, occurred_at from staging.activity") == [
            ("0012", dt.datetime(2025, 3, 10, 10, 2, 11))
        ]


def test_dates_without_a_year_rise_over_new_year_from_the_year_declared(place: Place) -> None:
    """The first is of 2017; what falls back by more than half a year is of the next one; a day out of order is not."""
    activity(place, occurred_at={"from": "when", "format": "%d.%m. %H:%M", "year": 2017})
    days = ["30.11. 09:00", "29.11. 10:00", "", "02.01. 08:30", "29.02. 08:00", "01.03. 08:00"]
    text = "m,when\n" + "".join(f"k,{day}\n" for day in days)
    expected = ["2017-11-30T09:00", "2017-11-29T10:00", "", "2018-01-02T08:30", "2018-02-29T08:00", "2018-03-01T08:00"]
    assert read(place, text, "occurred_at") == [day and f"{day}:00" for day in expected]


@pytest.mark.parametrize(
    "form",
    [{"format": "%d.%m."}, {"format": "%d.%m.%Y", "year": 2017}, {"year": 2017}, {"format": "%d.%m.", "year": 17}],
)
def test_a_year_belongs_to_a_format_without_one(place: Place, form: dict[str, Any]) -> None:
    activity(place, occurred_at={"from": "when", **form})
    with pytest.raises(UserError, match=r"sources.activity\[0\].columns.occurred_at"):
        place.program()
