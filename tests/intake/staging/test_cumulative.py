"""Totals since enrollment, differenced export by export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.intake.staging.coverage import coverage, default_as_of
from fellowship_pipeline.intake.staging.cumulative import to_activity
from fellowship_pipeline.program import Program, parse_program
from tests.intake.homes import Place

from .staging_home import Landing, landing

pytestmark = pytest.mark.slow

MARCH, APRIL, MAY, JUNE = (datetime(2022, month, 1) for month in (3, 4, 5, 6))


def program(more: str = "") -> Program:
    return parse_program(
        "program: {id: test}\ntimezone: UTC\nsources:\n  activity: [{files: landing/a.csv, cumulative: true}]\n" + more
    )


def total(minutes: float | str | None, at: str | None = None, **values: Any) -> dict[str, Any]:
    """A member's total in a course, last active at an instant."""
    text = None if minutes is None else str(minutes)
    return {"member": "kim", "course": "R", "minutes": text, "occurred_at": at, "_timezone": "UTC", **values}


@contextmanager
def exports(*files: tuple[datetime, list[dict[str, Any]]], settings: Program | None = None) -> Iterator[Landing]:
    """Exports of totals, read and staged; files are named by their month."""
    with landing() as raw:
        for exported_at, rows in files:
            raw.file("activity", f"{exported_at:%b}", *rows, exported_at=exported_at)
        to_activity(raw.con, settings or program())
        stage(raw.con, settings or program())
        yield raw


def learned(raw: Landing) -> list[tuple[Any, ...]]:
    return raw.rows("staging.activity", "occurred_at", "minutes", "_file_id")


def test_the_first_export_of_a_course_tells_when_but_not_how_much() -> None:
    with exports((APRIL, [total(600, "2022-03-15"), total(0, None, course="SQL")])) as raw:
        assert learned(raw) == [(datetime(2022, 3, 15), None, "Apr")]
        assert raw.fates("activity") == {"Apr": (2, 1, 0, 0, 1)}


def test_later_exports_add_what_grew_dated_by_the_last_activity() -> None:
    with exports(
        (MARCH, [total(600, "2022-02-15")]),
        (APRIL, [total(660.5, "2022-03-20T10:00")]),
        (MAY, [total(661, "2022-04-02")]),
    ) as raw:
        assert learned(raw) == [
            (datetime(2022, 2, 15), None, "Mar"),
            (datetime(2022, 3, 20, 10), Decimal("60.5"), "Apr"),
            (datetime(2022, 4, 2), Decimal("0.5"), "May"),
        ]


@pytest.mark.parametrize("last", [None, "2022-02-15", "2022-02-14"])
def test_growth_without_a_later_activity_is_dated_by_the_export(last: str | None) -> None:
    with exports((MARCH, [total(600, "2022-02-15")]), (APRIL, [total(630, last)])) as raw:
        assert learned(raw)[1:] == [(APRIL, Decimal(30), "Apr")]


def test_totals_that_stand_still_are_no_activity() -> None:
    with exports((MARCH, [total(600, "2022-02-15")]), (APRIL, [total(600, "2022-02-15")])) as raw:
        assert len(learned(raw)) == 1
        assert raw.fates("activity")["Apr"] == (1, 0, 0, 0, 1)


def test_a_course_opened_without_minutes_is_an_active_day() -> None:
    with exports((MARCH, [total(600, "2022-02-15")]), (APRIL, [total(600, "2022-03-09")])) as raw:
        assert learned(raw)[1:] == [(datetime(2022, 3, 9), Decimal(0), "Apr")]


def test_a_fall_of_three_minutes_is_none() -> None:
    with exports((MARCH, [total(600, "2022-02-15")]), (APRIL, [total(597, "2022-03-09")]), (MAY, [total(600)])) as raw:
        assert [minutes for _, minutes, _ in learned(raw)] == [None, Decimal(0), Decimal(3)]


def test_a_larger_fall_is_rejected_and_later_totals_are_compared_with_the_one_before_it() -> None:
    with exports(
        (MARCH, [total(600, "2022-02-15")]),
        (APRIL, [total("596.99", "2022-03-09")]),
        (MAY, [total(610, "2022-04-09")]),
    ) as raw:
        assert [(minutes, file) for _, minutes, file in learned(raw)] == [(None, "Mar"), (Decimal(10), "May")]
        assert raw.rows("raw.rejects", "file_id", "row", "column", "value", "reason", "line") == [
            ("Apr", 1, "minutes", "596.99", "a total since enrollment that fell: it can only grow", 2)
        ]
        assert raw.fates("activity")["Apr"] == (1, 0, 1, 0, 0)


def test_xp_may_not_fall_at_all() -> None:
    rows = [total(None, f"2022-0{month}-09", xp=xp) for month, xp in ((2, "100"), (3, "99"), (4, "130"))]
    with exports(*zip((MARCH, APRIL, MAY), ([row] for row in rows), strict=True)) as raw:
        assert raw.rows("staging.activity", "xp", "_file_id") == [(Decimal(30), "May"), (None, "Mar")]


def test_members_and_courses_are_apart_and_addresses_are_compared_as_addresses() -> None:
    with exports(
        (MARCH, [total(60, "2022-02-01", member="Kim@x.org"), total(600, "2022-02-02", course="SQL")]),
        (APRIL, [total(70, "2022-03-01", member="kim@X.org"), total(603, "2022-03-02", course="SQL")]),
    ) as raw:
        assert raw.rows("staging.activity", "minutes", "member") == [
            (Decimal(3), "kim"),
            (Decimal(10), "kim@X.org"),
            (None, "Kim@x.org"),
            (None, "kim"),
        ]


def test_a_course_twice_in_one_export_counts_by_its_greater_total() -> None:
    with exports(
        (MARCH, [total(60, "2022-02-01"), total(0, "2022-02-01")]),
        (APRIL, [total(0, "2022-03-01"), total(90, "2022-03-01")]),
    ) as raw:
        assert [minutes for _, minutes, _ in learned(raw)] == [None, Decimal(30)]
        assert raw.fates("activity") == {"Mar": (2, 1, 0, 0, 1), "Apr": (2, 1, 0, 0, 1)}


def test_a_broken_record_is_rejected_and_compared_with_nothing() -> None:
    with exports(
        (MARCH, [total(60, "2022-02-01")]), (APRIL, [total("many", "2022-03-01")]), (MAY, [total(90, "2022-04-01")])
    ) as raw:
        assert [minutes for _, minutes, _ in learned(raw)] == [None, Decimal(30)]
        assert raw.rows("raw.rejects", "file_id", "column") == [("Apr", "minutes")]


def test_the_order_of_arrival_and_staging_twice_change_nothing() -> None:
    files = [(MARCH, [total(60, "2022-02-01")]), (APRIL, [total(90, "2022-03-01")]), (MAY, [total(95, "2022-04-01")])]
    with exports(*files) as first, exports(*reversed(files)) as second:
        stage(second.con, program())
        assert learned(first) == learned(second)
        assert (
            first.fates("activity") == second.fates("activity") == dict.fromkeys(("Mar", "Apr", "May"), (1, 1, 0, 0, 0))
        )


def test_without_a_declared_time_an_export_is_as_old_as_its_latest_activity() -> None:
    with landing() as raw:
        raw.file("activity", "b", total(90, "2022-03-01"), total(5, "2022-03-09", member="lee"))
        raw.file("activity", "a", total(60, "2022-02-01"))
        to_activity(raw.con, program())
        stage(raw.con, program())
        assert raw.rows("staging.activity", "member", "minutes") == [("kim", Decimal(30)), ("kim", None), ("lee", None)]


def test_another_entry_of_events_is_left_alone() -> None:
    both = parse_program(
        "program: {id: t}\ntimezone: UTC\nsources:\n  activity: [{files: a.csv}, {files: b.csv, cumulative: true}]"
    )
    with landing() as raw:
        raw.file("activity", "events", total(60, "2022-02-01"), total(60, "2022-02-01"))
        raw.file("activity", "totals", total(60, None), entry=1, exported_at=MARCH)
        to_activity(raw.con, both)
        stage(raw.con, both)
        assert raw.rows("staging.activity", "_file_id", "_row", "minutes") == [
            ("events", 1, Decimal(60)),
            ("events", 2, Decimal(60)),
        ]
        assert raw.rows("raw.totals", "entry") == [(1,)]


def test_whom_a_newer_export_leaves_out_keeps_what_there_was_and_is_reported() -> None:
    lee = {"member": "lee"}
    with exports(
        (MARCH, [total(60, "2022-02-01"), total(5, "2022-02-01", **lee)]),
        (APRIL, [total(90, "2022-03-01"), total(9, "2022-03-02", **lee)]),
        (MAY, [total(91, "2022-04-01")]),
        (JUNE, [total(92, "2022-05-01")]),
    ) as raw:
        assert raw.rows("raw.totals", "member", "member_id", "course", "first_on", "last_on", "missing_on") == [
            ("kim", "kim", "R", date(2022, 3, 1), date(2022, 6, 1), None),
            ("lee", "lee", "R", date(2022, 3, 1), date(2022, 4, 1), date(2022, 5, 1)),
        ]
        assert raw.con.execute("select sum(minutes) from staging.activity where member = 'lee'").fetchall() == [(4,)]


def test_the_names_of_totals_are_resolved_like_any_other() -> None:
    known = program("  roster: [{files: landing/r.csv}]\n")
    with landing() as raw:
        raw.file("roster", "r", {"member": "m1", "cohort": "c", "email": "kim@x.org"})
        raw.file("activity", "a", total(1, None, member="KIM@x.org"), total(1, None, member="?"), exported_at=MARCH)
        to_activity(raw.con, known)
        stage(raw.con, known)
        assert raw.rows("raw.totals", "member", "member_id") == [("?", None), ("KIM@x.org", "m1")]


def test_totals_vouch_for_the_days_between_their_exports_alone() -> None:
    with exports(
        (MARCH, [total(60, "2022-02-01")]), (APRIL, [total(90, "2022-03-15")]), (MAY, [total(90, "2022-03-15")])
    ) as raw:
        coverage(raw.con, program())
        ((first, last, days, only_totals),) = raw.con.execute(
            "select min(day), max(day), count(*), bool_and(is_cumulative) from core.coverage"
        ).fetchall()
        assert (first, last, days, only_totals) == (date(2022, 3, 1), date(2022, 4, 30), 61, True)
        assert default_as_of(raw.con, program()) == date(2022, 4, 30)
        assert raw.rows("raw.files", "file_id", "covers_from", "covers_to") == [
            ("Apr", date(2022, 3, 1), date(2022, 3, 31)),
            ("Mar", None, None),
            ("May", date(2022, 4, 1), date(2022, 4, 30)),
        ]


def test_two_coursera_exports_make_a_months_learning(place: Place) -> None:
    header = "Email,Course,Course ID,Last Course Activity Time,Completed,Completion Time,Learning Hours\n"
    exported = {"filename": r"(?P<date>\d{4}-\d\d-\d\d)"}
    place.configure({"activity": [{"preset": "coursera", "files": "landing/*.csv", "exported": exported}]})
    place.land(
        {
            "2024-03-01.csv": header + "kim@x.org,ML,1,2024-02-20T09:10:18.000Z,No,,10.00\n",
            "2024-04-01.csv": header + "Kim@x.org,ML,1,2024-03-05T00:00:00.000Z,No,,12.50\n",
        }
    )
    with place.read() as con:
        stage(con, place.program())
        query = "select occurred_at, minutes from staging.activity order by all"
        assert con.execute(query).fetchall() == [
            (datetime(2024, 2, 20, 9, 10, 18), None),
            (datetime(2024, 3, 5), Decimal(150)),
        ]


def test_a_single_export_of_totals_vouches_for_nothing() -> None:
    with exports((MARCH, [total(60, "2022-02-01")])) as raw:
        assert coverage(raw.con, program()) == 0


def test_a_person_whose_name_changes_between_exports_is_one_and_has_not_vanished() -> None:
    settings = program("  roster: [{files: landing/r.csv}]\n  aliases: [{files: landing/l.csv}]\n")
    with landing() as raw:
        raw.file("roster", "r", {"member": "m1", "cohort": "c1", "email": "new@x.org"})
        raw.file("aliases", "l", {"member": "New@x.org", "kind": "email", "value": "old@x.org"})
        for at, member, minutes in ((MARCH, "Old@x.org", 600), (APRIL, "old@x.org", 630), (MAY, "NEW@x.org", 700)):
            row = total(minutes, f"{at:%Y-%m}-01", member=member)
            raw.file("activity", f"{at:%b}", row, total(10, member="out@x.org"), exported_at=at)
        to_activity(raw.con, settings)
        stage(raw.con, settings)
        assert raw.rows("staging.activity", "minutes", "member_id") == [
            (Decimal(30), "m1"),
            (Decimal(70), "m1"),
            (None, "m1"),
        ]
        assert raw.rows("raw.totals", "member", "member_id", "first_on", "last_on", "missing_on") == [
            ("NEW@x.org", "m1", MARCH.date(), MAY.date(), None),
            ("out@x.org", None, MARCH.date(), MAY.date(), None),
        ]
