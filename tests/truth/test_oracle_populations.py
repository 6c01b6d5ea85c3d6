"""The oracle on populations against figures worked out by hand from the KPI dictionary."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from .by_hand import case, one
from .oracle import evaluate
from .oracle_staging import Row, TextRow

AS_OF = date(2023, 11, 30)
SETTINGS: dict[str, Any] = {"cohorts": [{"id": "c", "starts_on": "2023-09-01", "ends_on": "2023-11-30"}]}


def member(name: str, **about: str) -> TextRow:
    return {"member": name, "cohort": "c", **about}


def mission(name: str, due: str) -> TextRow:
    row = {"cohort": "c", "mission": name, "due_at": due, "alternative": "A", "requirement": "course", "target": name}
    return {**row, "threshold": "", "team_min": "", "team_max": "", "mandatory": ""}


def done(names: str, course: str, at: str) -> list[TextRow]:
    return [{"member": name, "course": course, "completed_at": at} for name in names]


SEVEN = [
    *map(member, "abc"),
    member("s", role="staff"),
    member("u", role="builder"),
    member("l", left_on="2023-09-10"),
    member("n", joined_on="2023-10-20"),
]


def played(**settings: Any) -> list[Row]:
    needed = [mission("m1", "2023-09-30"), mission("m2", "2023-10-31")]
    completions = done("abc", "m1", "2023-09-20") + done("abn", "m2", "2023-10-25")
    tables = evaluate(case({**SETTINGS, **settings}, AS_OF, roster=SEVEN, missions=needed, completions=completions))
    return tables["kpi.missions"]


def test_of_seven_three_of_three_met_the_first_mission() -> None:
    columns = ("members", "met", "eliminated", "left_before", "remaining", "cohort_members", "survival_rate")
    first, second = ([row[column] for column in columns] for row in played())
    assert first == [3, 3, 0, 1, 4, 5, Fraction(4, 5)]
    assert second == [4, 3, 1, 1, 3, 5, Fraction(3, 5)]


def test_missions_of_builders_too_have_one_more() -> None:
    first, _ = played(missions={"roles": ["learner", "builder"]})
    assert (first["members"], first["missed"], first["cohort_members"]) == (4, 1, 6)


RESPONSES = [
    {"survey": "s", "response": name, "submitted_at": at, "question": "q", "answer": "x", "member": who}
    for name, at, who in (("1", "2023-12-05", "a"), ("2", "2023-12-08", "s"), ("3", "2023-12-10", ""))
]


@pytest.mark.parametrize(
    ("declared", "population", "respondents"),
    [
        ({}, 5, 2),
        ({"opens_on": "2023-09-10"}, 6, 2),
        ({"closes_on": "2023-12-12"}, 6, 2),
        ({"roles": ["learner", "staff"]}, 6, 3),
    ],
)
def test_a_survey_after_the_end_is_for_the_learners_who_had_not_left(
    declared: dict[str, Any], population: int, respondents: int
) -> None:
    roster = [*SEVEN, member("first", left_on="2023-12-05"), member("late", joined_on="2023-12-11")]
    settings = {**SETTINGS, "surveys": [{"id": "s", **declared}]}
    tables = evaluate(case(settings, date(2023, 12, 31), roster=roster, survey_responses=RESPONSES))
    row = one(tables["kpi.survey_response"], slice_by="all")
    # a, b, c, n, and who left on the day of the first response
    assert (row["population"], row["respondents"]) == (population, respondents)


@pytest.mark.parametrize(("known", "started"), [(1, None), (2, 5)])
def test_starts_of_half_of_those_who_completed_are_enough(known: int, started: int | None) -> None:
    rows = done("abcd", "x", "2023-10-10")
    activity = [{"member": name, "occurred_at": "2023-10-10", "course": "x"} for name in "abcd"[:known]]
    activity.append({"member": "z", "occurred_at": "2023-10-10", "course": "x"})
    row = one(evaluate(case(as_of=AS_OF, completions=rows, activity=activity))["kpi.courses"], course="x")
    assert (row["started"], row["completed"], row["known_starts"]) == (started, 4, known)
    assert row["completion_rate"] == (None if started is None else Fraction(4, 5))


def test_the_score_of_180_seats_is_150_by_180() -> None:
    def event(name: str, what: str, day: str) -> TextRow:
        return {"member": name, "event": what, "occurred_at": day, "pool": "p"}

    names = [f"p{number}" for number in range(175)]
    events = [event(name, "invited", "2023-03-01") for name in names]
    events += [event(name, "accepted", "2023-03-02") for name in names[:170]]
    events += [event("gone", "accepted", "2023-03-01"), event("gone", "reclaimed", "2023-03-09")]
    learned = [{"member": name, "occurred_at": "2023-03-02T10:00"} for name in [*names[:150], "gone"]]
    settings = {"seats": [{"pool": "p", "from": date(2023, 1, 1), "capacity": 180}]}
    tables = evaluate(case(settings, date(2023, 3, 31), seat_events=events, activity=learned), with_headlines=True)
    found = {row["kpi"]: float(row["value"]) for row in tables["kpi.scorecard"]}
    assert (found["platform_adoption_score"], found["seat_utilization"]) == (150 / 180, 170 / 180)


def test_a_meeting_of_builders_expects_builders() -> None:
    settings = {**SETTINGS, "community": {"kinds": {"builder_meeting": {"expects": ["builder"]}}}}
    roster = [*map(member, "ab"), *(member(name, role="builder") for name in "xyz")]
    sessions = [{"session": "m", "kind": "builder_meeting", "starts_at": "2023-11-08T20:00", "host": "z"}]
    attendance = [{"session": "m", "member": name} for name in "xya"]
    tables = evaluate(
        case(settings, AS_OF, roster=roster, sessions=sessions, attendance=attendance), with_headlines=True
    )
    row = one(tables["kpi.community"], kind="builder_meeting")
    assert [row[column] for column in ("attendances", "unique_members", "members", "expected_attended")] == [3, 3, 3, 2]
    headline = one(tables["kpi.scorecard"], kpi="attendance_rate")
    assert (headline["numerator"], headline["denominator"]) == (2, 3)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_enrolled_twice_on_one_day_is_in(order: tuple[int, int]) -> None:
    rows = [member("a", joined_on="2023-09-04"), member("a", joined_on="2023-09-04", left_on="2023-09-04")]
    needed = [mission("m1", "2023-09-30")]
    tables = evaluate(case(SETTINGS, AS_OF, roster=[rows[place] for place in order], missions=needed))
    assert (one(tables["kpi.missions"])["members"], one(tables["kpi.missions"])["left_before"]) == (1, 0)
