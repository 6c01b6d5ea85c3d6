"""Figures of a tiny program: whom each counts, and the lines that say so."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from fellowship_pipeline import warehouse
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain.evidence import Line
from fellowship_pipeline.explain.explaining import Explanation, Unit, explain
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.cleansed import MAGIC
from fellowship_pipeline.intake.plain import loading

from ..intake.workbooks import workbook
from .conftest import ACTIVITY, ROSTER, SEATS, Make, release


def counts(found: Explanation) -> dict[str | None, tuple[float | None, float | None]]:
    return {unit.person: (unit.numerator, unit.denominator) for unit in found.units}


def of(found: Explanation, person: str) -> Unit:
    (unit,) = (unit for unit in found.units if unit.person == person)
    return unit


def told(unit: Unit, source: str) -> list[tuple[int | None, str]]:
    return [(line.line, line.text) for line in unit.lines if line.source == source]


def test_adoption_lists_each_invitation_with_the_lines_that_tell_of_it(home: Home) -> None:
    found = explain(home, "adoption_rate")
    assert (found.numerator, found.denominator, found.agrees) == (2, 3, True)
    assert counts(found) == {"m1": (1, 1), "m2": (1, 1), "m3": (0, 1)}
    assert told(of(found, "m1"), "seat_events") == [
        (2, "m1,invited,2022-03-01T09:00:00Z,p"),
        (5, "m1,accepted,2022-03-02T09:00:00Z,p"),
    ]
    assert told(of(found, "m3"), "seat_events") == [(4, "m3,invited,2022-03-02T09:00:00Z,p")]
    assert {line.file for line in of(found, "m3").lines} == {"landing/seats.csv", "landing/roster.csv"}
    assert found.cell.rows[0]["value"] == pytest.approx(2 / 3)


def test_a_slice_and_a_day_choose_the_cell(home: Home) -> None:
    assert counts(explain(home, "adoption_rate", ["study_group=g2"])) == {"m3": (0, 1)}
    assert counts(explain(home, "kpi.adoption.activation_rate", [], "2022-03")) == {
        "m1": (1, 1), "m2": (1, 1), "m3": (0, 0),
    }  # fmt: skip
    march = explain(home, "engagement_rate", [], "2022-03")
    assert march.cell.place == {"slice_by": "all", "slice": "all", "day": date(2022, 3, 31)}
    assert (march.numerator, march.denominator, march.agrees) == (2, 2, True)
    assert told(of(explain(home, "engagement_rate", [], "2022-03-19"), "m1"), "activity") == [
        (2, "m1,2022-03-05T09:00:00Z,R,60")
    ]


def test_a_reclaim_shows_the_months_rows_of_the_member(home: Home) -> None:
    found = explain(home, "seat_reviews", ["member_id=m2"], "2022-04")
    assert [row["decision"] for row in found.cell.rows] == ["reclaim"]
    assert told(of(found, "m2"), "activity") == [(3, "m2,2022-03-06T09:00:00Z,R,50")]
    everybody = explain(home, "reclaim_rate", [], "2022-04")
    assert counts(everybody) == {"m1": (0, 1), "m2": (1, 1)}
    assert told(of(everybody, "m1"), "activity") == [  # line 4 is of April in Seoul
        (2, "m1,2022-03-05T09:00:00Z,R,60"),
        (5, "m1,2022-03-20T09:00:00Z,Python,40"),
    ]


def test_what_was_bought_is_on_its_line_of_the_program(home: Home) -> None:
    found = explain(home, "seat_utilization")
    (bought,) = (unit for unit in found.units if unit.person is None)
    assert (found.numerator, found.denominator) == (2, 4)
    assert bought.lines == [Line("program.yaml", "program.yaml", 6, 1, "- {pool: p, from: 2022-03-01, capacity: 4}")]


def test_a_record_of_several_lines_is_told_whole(home: Home) -> None:
    assert told(of(explain(home, "adoption_rate"), "m2"), "roster") == [(3, 'm2,c1,"Lee,\nMinji",individual,g1')]


@pytest.mark.slow
def test_a_typed_file_has_lines_too(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SMALLEST", 0)
    found = explain(make(), "courses.completion_rate", ["course=R"])
    assert counts(found) == {"m1": (0, 1), "m2": (0, 1)}
    assert told(of(found, "m2"), "activity") == [(3, "m2,2022-03-06T09:00:00Z,R,50")]


@pytest.mark.slow
def test_a_packed_file_is_opened_and_a_workbook_told_by_its_cells(make: Make) -> None:
    table = [
        line.split(",")
        for line in ROSTER.replace("\n", "|")
        .replace('"Lee,|Minji"', "Lee")
        .replace("=Kim", "Kim")
        .strip("|")
        .split("|")
    ]
    home = make(
        program=("roster.csv", "roster.xlsx"),
        **{
            "roster.csv": b"",
            "roster.xlsx": workbook(Sheet1=table),
            "activity.csv": b"",
            "activity.csv.gz": gzip.compress(ACTIVITY.encode(), mtime=0),
        },
    )
    found = explain(home, "reclaim_rate", [], "2022-04")
    (roster,) = (line for line in of(found, "m2").lines if line.source == "roster")
    assert roster.text == "member=m2, cohort=c1, name=Lee, study_mode=individual, study_group=g1"
    assert told(of(found, "m2"), "activity") == [(3, "m2,2022-03-06T09:00:00Z,R,50")]


@pytest.mark.slow
@pytest.mark.parametrize("content", [None, MAGIC])
def test_where_the_original_is_gone_the_cells_that_were_read_are_told(make: Make, content: bytes | None) -> None:
    home = make()
    for path in home.archive.rglob("*"):
        if path.is_file():
            path.unlink() if content is None else path.write_bytes(content)
    (invited, _) = told(of(explain(home, "adoption_rate"), "m1"), "seat_events")
    assert invited == (2, "member=m1, event=invited, occurred_at=2022-03-01T09:00:00Z, pool=p")


def test_a_headline_of_a_term_is_taken_apart_as_of_its_last_day(home: Home) -> None:
    found = explain(home, "engagement_rate", ["term=t1"])
    assert (found.cell.table.key, found.agrees) == ("kpi.terms", True)
    assert {unit.facts["day"] for unit in found.units} == {date(2022, 3, 31)}
    with pytest.raises(UserError, match=r"engagement_rate has no row of term=t2: t1"):
        explain(home, "engagement_rate", ["term=t2"])


def test_what_a_headline_is_compared_with_is_taken_apart_as_of_a_month_before(home: Home) -> None:
    found = explain(home, "engagement_rate", ["study_group=g1"], "previous")
    assert (found.cell.table.key, found.cell.column, found.agrees) == ("kpi.scorecard", "previous", True)
    assert found.cell.place == {"kpi": "engagement_rate", "slice_by": "study_group", "slice": "g1"}
    assert counts(found) == {"m1": (1, 1), "m2": (1, 1)}
    assert {unit.facts["day"] for unit in found.units} == {date(2022, 3, 30)}
    assert told(of(found, "m1"), "activity") == [(5, "m1,2022-03-20T09:00:00Z,Python,40")]
    assert told(of(explain(home, "engagement_rate"), "m1"), "activity") == [(7, "m1,2022-04-30T09:00:00Z,R,5")]
    for kpi, message in {
        "reclaim_rate": "reclaim_rate had no value a month before, on 2022-03-30: nothing is compared with",
        "retention_3m": "this program has no retention_3m",
        "adoption.adoption_rate": "--day previous is of headlines; adoption.adoption_rate has days and months of its",
    }.items():
        with pytest.raises(UserError, match=message):
            explain(home, kpi, [], "previous")
    with pytest.raises(UserError, match="--published is of the figure of today"):
        explain(home, "adoption_rate", [], "previous", is_published=True)


@pytest.mark.slow
def test_what_is_published_says_why_it_is_withheld(make: Make) -> None:
    home = make()
    with pytest.raises(UserError, match="has published nothing yet"):
        explain(home, "adoption_rate", is_published=True)
    release(home)
    whole, cohort = (explain(home, "adoption_rate", of, is_published=True).published for of in ([], ["cohort=c1"]))
    assert whole is not None
    assert whole.says == ["<5: 3 persons; it is the total"]
    assert cohort is not None
    assert cohort.says[0].startswith("not published: slices stand there")  # of three persons nothing is broken down
    with pytest.raises(UserError, match="names persons"):
        explain(home, "seat_reviews", is_published=True)


@pytest.mark.parametrize(
    ("kpi", "slices", "day", "message"),
    [
        ("adoption_rte", [], None, "adoption_rte is no figure that can be explained; did you mean adoption_rate"),
        ("completion_rate", [], None, "may be any of courses.completion_rate, tracks.completion_rate: say which"),
        ("adoption_rate", ["g1"], None, "--slice g1: write it as KEY=VALUE"),
        ("adoption_rate", ["pool=p"], None, "has no 'pool': its rows are told apart by cohort, study_mode"),
        ("adoption_rate", ["study_group=g3"], None, "has no row of study_group=g3: study_group is one of g1, g2"),
        ("adoption_rate", [], "2023-01", "month is one of 2022-03-01, 2022-04-01"),
        ("adoption_rate", [], "2022-13", "2022-13 is no day"),
        ("retention_3m", [], "2022-03", "retention_3m has no days"),
        ("courses", [], None, r"has 2 rows there: say which with --slice \(course: Python, R\)"),
        ("courses", ["course=SQL"], None, "course is one of Python, R"),
        ("survey.share", [], None, "nothing that came tells of survey.share"),
        ("goal_helped_rate", [], None, "this program has no goal_helped_rate"),
        ("what_if", ["minimum_xp=many"], None, "a whole number is expected"),
    ],
)
def test_one_line_says_what_is_not_there(
    home: Home, kpi: str, slices: list[str], day: str | None, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        explain(home, kpi, slices, day)


@pytest.mark.slow
def test_a_warehouse_that_lacks_a_table_is_said_in_one_line(make: Make) -> None:
    home = make()
    with warehouse.connect(home.warehouse) as con:
        con.execute("drop table core.person_slices")
    with pytest.raises(UserError, match=r"not whole \(.*person_slices.*--all"):
        explain(home, "adoption_rate")


def test_without_a_warehouse_one_line_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no warehouse yet: `fellowship run"):
        explain(Home(tmp_path), "adoption_rate")


@pytest.mark.slow
@pytest.mark.parametrize("has_lines", [False, True])
def test_a_record_of_json_is_told_whole_or_by_its_cells(make: Make, has_lines: bool) -> None:
    header, *rows = (line.split(",") for line in SEATS.split())
    records = [dict(zip(header, row, strict=True)) for row in rows]
    text = "".join(json.dumps(record) + "\n" for record in records) if has_lines else json.dumps(records, indent=1)
    home = make(program=("seats.csv", "seats.json"), **{"seats.csv": "", "seats.json": text})
    invited = of(explain(home, "adoption_rate"), "m1").lines[0]
    cells = "member=m1, event=invited, occurred_at=2022-03-01T09:00:00Z, pool=p"
    assert invited.text == (json.dumps(records[0]) if has_lines else cells)


def test_of_a_headline_without_a_figure_the_days_that_have_one_are_said(make: Make) -> None:
    """The last whole month is April, in which nobody met."""
    entries = (
        "sources:\n",
        'sources:\n  sessions: [{files: "landing/sessions.csv"}]\n  attendance: [{files: "landing/came.csv"}]\n',
    )
    sessions = "session,kind,starts_at,expects\ns1,meeting,2022-03-10T09:00:00Z,\n"
    home = make(program=entries, **{"sessions.csv": sessions, "came.csv": "session,member\ns1,m1\n"})
    with pytest.raises(UserError, match=r"attendance_rate has no figure as of 2022-04-30; its table has 2022-03-01: "):
        explain(home, "attendance_rate")
    assert explain(home, "attendance_rate", [], "2022-03").numerator == 1
