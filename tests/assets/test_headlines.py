"""kpi.headlines of missions, placement and attendance, each from its own table at as_of (30 April 2022)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from .test_missions import ask as mission
from .test_missions import complete, due, join
from .tiny import Tiny

pytestmark = pytest.mark.slow


def headline(tiny: Tiny, kpi: str) -> list[tuple[Any, ...]]:
    return tiny.rows("kpi.headlines", "slice_by, numerator, denominator, value, subject", f"kpi = '{kpi}'")


def enrolled(tiny: Tiny, members: str, cohort: str = "A") -> None:
    tiny.add("core.cohorts", cohort=cohort, starts_on=date(2022, 4, 1), ends_on=date(2022, 4, 30))
    join(tiny, members, cohort=cohort)


def test_survival_is_that_of_the_mission_due_last(tiny: Tiny) -> None:
    enrolled(tiny, "abcd")
    for name, day in (("M1", 10), ("M2", 20), ("M3", 30)):
        mission(tiny, name, due(day), "course", name)
    for member in "abc":
        complete(tiny, member, "M1", "2022-04-02")
    for member in "ab":
        complete(tiny, member, "M2", "2022-04-12")
    assert headline(tiny, "mission_survival_rate") == [("all", 0, 4, 0.0, "A M3")]
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 4, 29)
    assert headline(tiny, "mission_survival_rate") == [("all", 2, 4, 0.5, "A M2")]
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 4, 9)
    assert headline(tiny, "mission_survival_rate") == []


def test_missions_of_several_cohorts_due_at_once_are_added_up(tiny: Tiny) -> None:
    enrolled(tiny, "ab")
    enrolled(tiny, "xyz", cohort="B")
    for cohort, name in (("A", "M1"), ("B", "M1"), ("B", "M2")):
        mission(tiny, name, due(10), "course", "c", cohort=cohort)
    for member in "axy":
        complete(tiny, member, "c", "2022-04-02")
    assert headline(tiny, "mission_survival_rate") == [("all", 3, 5, 0.6, "A M1")]


def test_placement_is_over_the_cohorts_that_are_over(tiny: Tiny) -> None:
    for source in ("outcomes", "catalog"):
        tiny.add("core.configured_sources", source=source)
    tiny.add("staging.catalog", course="c", track="T", hours=5)
    for cohort, ends_on in (("A", date(2022, 4, 29)), ("B", date(2022, 4, 30)), ("C", date(2022, 5, 1))):
        tiny.add("core.cohorts", cohort=cohort, starts_on=date(2022, 4, 1), ends_on=ends_on)
        for number in range(2):
            join(tiny, [f"{cohort}{number}"], cohort=cohort, track="T")
            complete(tiny, f"{cohort}{number}", "c", "2022-04-02")
    for member in ("A0", "C0", "C1"):
        tiny.add("staging.outcomes", member=member, member_id=member, kind="job", occurred_on=date(2022, 4, 30))
    assert headline(tiny, "placement_rate") == [("all", 1, 4, 0.25, None)]


def meet(tiny: Tiny, name: str, starts_at: str, attended: str, kind: str = "talk", host: str | None = None) -> None:
    tiny.add("staging.sessions", session=name, kind=kind, minutes=60, starts_at=datetime.fromisoformat(starts_at))
    for member in attended:
        tiny.add("staging.attendance", session=name, member=member, member_id=member, status="attended",
                 role="host" if member == host else "participant", _file_id="f",
                 _row=len(tiny.given.get("staging.attendance", [])))  # fmt: skip


def test_attendance_counts_members_once_over_all_kinds_of_the_last_whole_month(tiny: Tiny) -> None:
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 5, 30)
    join(tiny, "abcde", joined_on=date(2022, 4, 30))
    join(tiny, "f", joined_on=date(2022, 5, 1))
    meet(tiny, "march", "2022-03-31T14:59", "e")  # still March in Seoul
    meet(tiny, "april", "2022-04-10", "abh", host="h")
    meet(tiny, "clinic", "2022-04-20", "bc", kind="clinic")
    meet(tiny, "may", "2022-05-10", "d")
    assert headline(tiny, "attendance_rate") == [("all", 3, 5, 0.6, "2022-04")]
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 5, 31)
    assert headline(tiny, "attendance_rate") == [("all", 1, 6, 1 / 6, "2022-05")]


def test_a_month_without_a_session_has_no_attendance(tiny: Tiny) -> None:
    join(tiny, "ab", joined_on=date(2022, 1, 1))
    tiny.add("staging.support_requests", opened_at=datetime(2022, 4, 2))
    assert headline(tiny, "attendance_rate") == []
    meet(tiny, "april", "2022-04-10", "")
    assert headline(tiny, "attendance_rate") == [("all", 0, 2, 0.0, "2022-04")]


def test_where_no_completions_are_provided_nothing_is_said_of_courses(tiny: Tiny) -> None:
    tiny.add("staging.activity", member="a", member_id="a", course="c", occurred_at=datetime(2022, 4, 2))
    assert headline(tiny, "course_completion_rate") == []
    tiny.add("core.configured_sources", source="completions")
    assert headline(tiny, "course_completion_rate") == [("all", 0, 1, 0.0, None)]
