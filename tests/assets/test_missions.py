"""Missions on tiny literal programs: who is in a cohort, what counts as met, late, missed, and who is out by it.

The zone is Asia/Seoul: a day ends at 15:00 UTC. ``as_of`` is 30 April 2022.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from assets.core.settings import write_settings
from assets.sql import run_models
from fellowship_pipeline.intake.staging import stage
from tests.intake.staging.staging_home import landing, program

from .tiny import Tiny


def due(day: int) -> datetime:
    """The last moment of a day of April, as a bare date is staged."""
    return datetime(2022, 4, day, 14, 59, 59, 999999)


def join(tiny: Tiny, members: str, cohort: str = "A", **row: Any) -> None:
    for member in members:
        tiny.add("staging.roster", member=member, member_id=member, cohort=cohort, **row)


def ask(tiny: Tiny, mission: str, due_at: datetime, requirement: str, target: str | None = None, **row: Any) -> None:
    row = {"cohort": "A", "alternative": "1", **row}
    tiny.add(
        "staging.missions", mission=mission, due_at=due_at, requirement=requirement, target=target, **row,
    )  # fmt: skip


def complete(tiny: Tiny, member: str, course: str, at: str) -> None:
    moment = datetime.fromisoformat(at)
    tiny.add("staging.completions", member=member, member_id=member, course=course, completed_at=moment)


def certify(tiny: Tiny, member: str, certification: str, issued_on: date) -> None:
    tiny.add(
        "staging.certifications",
        member=member, member_id=member, certification=certification, issued_on=issued_on,
    )  # fmt: skip


def learn(tiny: Tiny, member: str, at: str, **row: Any) -> None:
    tiny.add("staging.activity", member=member, member_id=member, occurred_at=datetime.fromisoformat(at), **row)


def except_(tiny: Tiny, member: str, mission: str, due_at: datetime | None = None, cohort: str | None = None) -> None:
    position = len(tiny.given.get("core.mission_exceptions", []))
    tiny.add(
        "core.mission_exceptions",
        position=position, member=member, mission=mission, cohort=cohort, reason="ill", due_at=due_at,
    )  # fmt: skip


def results(tiny: Tiny, columns: str = "mission, member_id, status") -> list[tuple[Any, ...]]:
    return tiny.rows("core.mission_results", columns)


def test_a_cohort_has_everybody_with_a_row_that_began_by_as_of(tiny: Tiny) -> None:
    tiny.add("core.cohorts", cohort="A", starts_on=date(2022, 4, 1))
    join(tiny, "a", track="T", seeking=True)
    join(tiny, "a", joined_on=date(2022, 4, 10), track="U")
    join(tiny, "a", joined_on=date(2022, 5, 1), track="V", seeking=False)
    join(tiny, "b", joined_on=date(2022, 3, 1), left_on=date(2022, 3, 2))
    join(tiny, "c", joined_on=date(2022, 5, 1))
    assert tiny.rows("core.cohort_members", "*") == [
        ("A", "a", date(2022, 4, 1), None, "U"),
        ("A", "b", date(2022, 3, 1), None, None),
    ]


def test_a_due_date_is_its_whole_day_and_the_next_moment_is_late(tiny: Tiny) -> None:
    join(tiny, "abcd")
    ask(tiny, "M", due(10), "course", "c1|c2")
    for member, at in (("a", "2022-04-10T14:59:59.999999"), ("b", "2022-04-10T15:00"), ("c", "2022-05-01")):
        complete(tiny, member, "c1", "2022-04-01")
        complete(tiny, member, "c2", at)
    assert results(tiny, "member_id, status, timezone('UTC', met_at), missing") == [
        ("a", "met", datetime(2022, 4, 10, 14, 59, 59, 999999), None),
        ("b", "late", datetime(2022, 4, 10, 15), None),
        ("c", "missed", None, "course c2"),
        ("d", "missed", None, "course c1, c2"),
    ]


def test_an_alternative_needs_all_its_requirements_and_the_first_one_met_decides(tiny: Tiny) -> None:
    join(tiny, "ab")
    ask(tiny, "M", due(10), "course", "c1", alternative="1")
    ask(tiny, "M", due(10), "certification", "X", alternative="1")
    ask(tiny, "M", due(10), "certification", "Y", alternative="2")
    complete(tiny, "a", "c1", "2022-04-01")
    certify(tiny, "a", "X", date(2022, 4, 5))
    certify(tiny, "a", "Y", date(2022, 4, 7))
    assert results(tiny, "status, timezone('UTC', met_at), alternative, missing") == [
        ("met", datetime(2022, 4, 4, 15), "1", None),
        ("missed", None, None, "certification X + course c1 or certification Y"),
    ]


def test_a_certificate_on_the_due_date_is_on_time_and_one_of_the_next_day_is_late(tiny: Tiny) -> None:
    join(tiny, "ab")
    certify(tiny, "a", "X", date(2022, 4, 10))
    certify(tiny, "b", "X", date(2022, 4, 11))
    ask(tiny, "M", due(10), "certification", "X")
    ask(tiny, "at nine", datetime(2022, 4, 10, 0, 0), "certification", "X", mandatory=False)
    assert results(tiny) == [
        ("M", "a", "met"), ("M", "b", "late"), ("at nine", "a", "met"), ("at nine", "b", "late"),
    ]  # fmt: skip


@pytest.mark.fault("I2")
def test_a_second_after_the_due_date_of_the_program_is_late_whatever_zone_a_file_writes() -> None:
    settings = program("roster", "missions", "certifications", "completions")
    moments = {"a": "2022-04-10T14:59:59Z", "b": "2022-04-10T15:00:00Z", "c": "2022-04-11", "d": "2022-04-10"}
    mission = {"cohort": "A", "due_at": "2022-04-10", "alternative": "1"}
    with landing() as raw:
        raw.file("roster", "r", *({"member": member, "cohort": "A"} for member in moments))
        raw.file(
            "missions", "m",
            {**mission, "mission": "M", "requirement": "certification", "target": "X"},
            {**mission, "mission": "N", "requirement": "course", "target": "c1", "mandatory": "no"},
        )  # fmt: skip
        raw.file(
            "certifications", "x",
            *({"member": member, "certification": "X", "issued_on": at} for member, at in moments.items()),
        )  # fmt: skip
        raw.file(
            "completions", "c",
            *({"member": member, "course": "c1", "completed_at": at} for member, at in moments.items()),
        )  # fmt: skip
        stage(raw.con, settings)
        write_settings(raw.con, settings, date(2022, 4, 30))
        run_models(raw.con, ["core.mission_results"])
        found = raw.rows("core.mission_results", "member_id", "mission", "status")
    assert found == [(member, mission, "met" if member in "ad" else "late") for member in "abcd" for mission in "MN"]


def elimination(tiny: Tiny) -> None:
    """A weekly quota and four missions; two of them are due on one day, the last after ``as_of``."""
    join(tiny, "abcd")
    for mission, day, mandatory in (("quota", 5, False), ("M1", 10, None), ("M2", 10, None), ("M3", 20, True)):
        ask(tiny, mission, due(day), "course", mission, mandatory=mandatory)
    ask(tiny, "M4", datetime(2022, 5, 20), "course", "M4")
    for member, courses in (("a", "M1 M2 M3"), ("b", "M1 M2"), ("c", "")):
        for course in courses.split():
            complete(tiny, member, course, "2022-04-02")
    complete(tiny, "d", "M1", "2022-04-12")
    complete(tiny, "d", "M2", "2022-04-09")
    complete(tiny, "d", "M3", "2022-04-12")


COUNTS = "mission, members, met, late, missed, pending, excused, eliminated, remaining, on_time_rate, survival_rate"


def test_the_first_mandatory_mission_not_met_in_time_eliminates_from_every_later_one(tiny: Tiny) -> None:
    elimination(tiny)
    assert tiny.rows("kpi.missions", COUNTS) == [
        ("M1", 4, 2, 1, 1, 0, 0, 2, 2, 0.5, 0.5),
        ("M2", 4, 3, 0, 1, 0, 0, 1, 2, 0.75, 0.5),
        ("M3", 2, 1, 0, 1, 0, 0, 1, 1, 0.5, 0.25),
        ("M4", 1, 0, 0, 0, 1, 0, 0, 1, 0.0, 0.25),
        ("quota", 4, 0, 0, 4, 0, 0, 0, 4, 0.0, 1.0),
    ]


def test_standings_of_a_past_day_come_from_the_same_data(tiny: Tiny) -> None:
    elimination(tiny)
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 4, 10)
    assert tiny.rows("kpi.missions", COUNTS) == [
        ("M1", 4, 2, 0, 2, 0, 0, 2, 2, 0.5, 0.5),
        ("M2", 4, 3, 0, 1, 0, 0, 1, 2, 0.75, 0.5),
        ("M3", 2, 1, 0, 0, 1, 0, 0, 2, 0.5, 0.5),
        ("M4", 2, 0, 0, 0, 2, 0, 0, 2, 0.0, 0.5),
        ("quota", 4, 0, 0, 4, 0, 0, 0, 4, 0.0, 1.0),
    ]
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 4, 9)
    assert tiny.rows("kpi.missions", "members, met, pending, remaining", "mission = 'M1'") == [(4, 2, 2, 4)]


@pytest.mark.fault("I4")
def test_a_mission_of_a_cohort_without_members_has_a_row_of_zeros(tiny: Tiny) -> None:
    join(tiny, "a", joined_on=date(2022, 5, 1))
    ask(tiny, "M", due(10), "course", "c1")
    assert tiny.rows("kpi.missions", COUNTS) == [("M", 0, 0, 0, 0, 0, 0, 0, 0, None, None)]


def test_an_exception_excuses_or_gives_longer(tiny: Tiny) -> None:
    tiny.given["core.parameters"][0]["has_names"] = True
    join(tiny, "abcd")
    tiny.add("staging.aliases", member="b", member_id="b", kind="chat", value="bee")
    for mission, day in (("M1", 5), ("M2", 10), ("M3", 20)):
        ask(tiny, mission, due(day), "course", mission)
    for member in "abcd":
        complete(tiny, member, "M2", "2022-04-09")
    complete(tiny, "b", "M1", "2022-04-15T14:59:59.999999")
    complete(tiny, "c", "M1", "2022-04-15T15:00")
    except_(tiny, "a", "M1")
    except_(tiny, "bee", "M1", due(15), "A")
    except_(tiny, "b", "M1")
    except_(tiny, "c", "M1", due(15))
    except_(tiny, "nobody", "M1")
    except_(tiny, "d", "M9")
    assert results(tiny, "member_id, mission, status, due_at, reason") == [
        ("a", "M1", "excused", due(5), "ill"),
        ("a", "M2", "met", due(10), None),
        ("a", "M3", "missed", due(20), None),
        ("b", "M1", "met", due(15), "ill"),
        ("b", "M2", "met", due(10), None),
        ("b", "M3", "missed", due(20), None),
        ("c", "M1", "late", due(15), "ill"),
        ("c", "M2", "met", due(10), None),
        ("d", "M1", "missed", due(5), None),
    ]
    assert tiny.rows("kpi.missions", COUNTS) == [
        ("M1", 4, 1, 1, 1, 0, 1, 2, 2, 0.25, 0.5),
        ("M2", 3, 3, 0, 0, 0, 0, 0, 2, 1.0, 0.5),
        ("M3", 2, 0, 0, 2, 0, 0, 2, 0, 0.0, 0.0),
    ]


def test_items_need_an_activity_of_a_completing_kind_each(tiny: Tiny) -> None:
    tiny.add("core.completing_kinds", kind="completed")
    join(tiny, "ab")
    ask(tiny, "M", due(10), "items", "c1/i1 | c1/i2")
    for member, kind in (("a", "Completed"), ("b", "viewed")):
        learn(tiny, member, "2022-04-01", course="c1", item="i1", kind="completed")
        learn(tiny, member, "2022-04-02", course="c1", item="i2", kind=kind)
        learn(tiny, member, "2022-04-03", course="c2", item="i2", kind="completed")
    found = results(tiny, "status, timezone('UTC', met_at), missing")
    assert found == [("met", datetime(2022, 4, 2), None), ("missed", None, "items c1/i2")]


def test_a_share_of_a_course_is_reached_when_the_first_activity_says_so(tiny: Tiny) -> None:
    join(tiny, "ab")
    ask(tiny, "M", due(10), "progress", "c1", threshold=0.7)
    learn(tiny, "a", "2022-04-02", course="c1", progress=0.7)
    learn(tiny, "a", "2022-04-03", course="c1", progress=0.9)
    learn(tiny, "b", "2022-04-02", course="c1", progress=0.699)
    learn(tiny, "b", "2022-04-02", course="c2", progress=1.0)
    found = results(tiny, "status, timezone('UTC', met_at)")
    assert found == [("met", datetime(2022, 4, 2)), ("missed", None)]


@pytest.mark.parametrize(
    ("requirement", "threshold", "target", "met_at"),
    [
        ("xp", 0.3, None, datetime(2022, 4, 2, 1)),
        ("xp", 0.3, "c1", datetime(2022, 4, 3)),
        ("xp", 0.2, "c1|c3", datetime(2022, 4, 2)),
        ("xp", 0.8, None, None),
        ("xp", None, None, None),
        ("hours", 0.5, None, datetime(2022, 4, 2, 1)),
        ("hours", 2, None, datetime(2022, 4, 3)),
        ("hours", 2.01, None, None),
        ("hours", 1e30, None, None),
    ],
)
def test_amounts_add_up_from_the_cohorts_first_day(
    tiny: Tiny, requirement: str, threshold: float | None, target: str | None, met_at: datetime | None
) -> None:
    tiny.add("core.cohorts", cohort="A", starts_on=date(2022, 4, 2))
    join(tiny, "a")
    ask(tiny, "M", due(29), requirement, target, threshold=threshold)
    learn(tiny, "a", "2022-04-01T14:59", course="c1", xp=10, minutes=600)  # the day before in Seoul
    learn(tiny, "a", "2022-04-02", course="c1", xp=0.1, minutes=15)
    learn(tiny, "a", "2022-04-02", course="c3", xp=0.1)
    learn(tiny, "a", "2022-04-02T01:00", course="c2", xp=0.1, minutes=15)
    learn(tiny, "a", "2022-04-03", course="c1", xp=0.4, minutes=90)
    learn(tiny, "a", "2022-05-01", course="c1", xp=10, minutes=600)
    assert results(tiny, "timezone('UTC', met_at)") == [(met_at,)]


@pytest.mark.parametrize(("target", "day"), [(None, 3), ("talk", 5), ("talk|clinic", 3), ("s5", None)])
def test_sessions_attended_are_counted_at_their_start_without_hosts(
    tiny: Tiny, target: str | None, day: int | None
) -> None:
    tiny.add("core.cohorts", cohort="A", starts_on=date(2022, 4, 2))
    join(tiny, "a")
    ask(tiny, "M", due(29), "attendance", target, threshold=2)
    sessions = ((1, "talk", None), (2, "talk", None), (3, "clinic", None), (4, "talk", "a"), (5, "talk", None))
    for day_held, kind, host in sessions:
        session, at = f"s{day_held}", datetime(2022, 4, day_held, 10)
        tiny.add("staging.sessions", session=session, kind=kind, starts_at=at, minutes=60, host=host)
        for name in ("a", "b"):
            tiny.add(
                "staging.attendance", session=session, member=name, member_id="a", status="attended",
                _file_id="f", _row=day_held,
            )  # fmt: skip
    tiny.add("staging.sessions", session="s6", kind="talk", starts_at=datetime(2022, 4, 2, 11))
    tiny.add("staging.attendance", session="s6", member="a", member_id="a", status="registered", _file_id="f", _row=9)
    expected = datetime(2022, 4, day, 10) if day else None
    assert results(tiny, "timezone('UTC', met_at)") == [(expected,)]


def test_what_is_missing_of_an_amount_is_said_in_its_unit(tiny: Tiny) -> None:
    join(tiny, "a")
    ask(tiny, "M", due(10), "hours", "c1", threshold=1.5)
    ask(tiny, "N", due(10), "xp", threshold=100)
    learn(tiny, "a", "2022-04-02", course="c1", xp=40, minutes=30)
    assert results(tiny, "missing") == [("hours c1: 0.5 of 1.5",), ("xp: 40.0 of 100.0",)]


def test_a_requirement_of_an_unknown_kind_is_never_met(tiny: Tiny) -> None:
    join(tiny, "a")
    ask(tiny, "M", due(10), "essay", "topic")
    ask(tiny, "N", due(10), "course")
    assert results(tiny, "mission, status, missing") == [("M", "missed", "essay topic"), ("N", "missed", "course")]
