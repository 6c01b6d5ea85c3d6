"""Whom missions, surveys, sessions, courses and seats are counted over: who is not in, not yet or no more.

The zone is Asia/Seoul; ``as_of`` is 30 April 2022, the last day of cohort A.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from .test_missions import ask, complete, due, except_, join, learn
from .tiny import Tiny

pytestmark = pytest.mark.slow

COUNTS = "mission, members, met, missed, pending, eliminated, left_before, remaining, cohort_members, survival_rate"


@pytest.fixture
def school(tiny: Tiny) -> Tiny:
    tiny.add("core.cohorts", cohort="A", starts_on=date(2022, 4, 1), ends_on=date(2022, 4, 30))
    return tiny


def seven(tiny: Tiny) -> None:
    """Three in throughout, of staff one, a builder, one who left before the first mission, one who came after it."""
    join(tiny, "abc")
    join(tiny, "s", role="staff")
    join(tiny, "u", role="builder")
    join(tiny, "l", left_on=date(2022, 4, 5))
    join(tiny, "n", joined_on=date(2022, 4, 15), role="learner")
    ask(tiny, "M1", due(10), "course", "c1")
    ask(tiny, "M2", due(20), "course", "c2")
    for member in "abcn":
        complete(tiny, member, "c1", "2022-04-09")
    for member in "abn":
        complete(tiny, member, "c2", "2022-04-18")


@pytest.mark.fault("S0")
def test_of_seven_the_three_learners_in_on_the_due_day_are_in_a_mission(school: Tiny) -> None:
    seven(school)
    assert school.rows("kpi.missions", COUNTS) == [
        ("M1", 3, 3, 0, 0, 0, 1, 4, 5, 0.8),
        ("M2", 4, 3, 1, 0, 1, 1, 3, 5, 0.6),
    ]
    assert school.rows("core.graduates", "member_id") == [("a",), ("b",), ("n",)]


def test_missions_may_be_for_other_roles(school: Tiny) -> None:
    seven(school)
    school.given["core.mission_roles"] = [{"role": "builder"}, {"role": "staff"}]
    assert school.rows("kpi.missions", COUNTS, "mission = 'M1'") == [("M1", 2, 0, 2, 0, 2, 0, 0, 2, 0.0)]


def test_the_due_day_is_in_from_the_day_of_joining_to_that_before_leaving(school: Tiny) -> None:
    for member, joined_on, left_on in (
        ("in", 10, 11), ("left", 1, 10), ("to come", 11, None), ("came back", 1, 5), ("came back", 10, None),
        ("comes back", 1, 5), ("comes back", 12, None), ("canceled", 10, 10),
    ):  # fmt: skip
        join(school, [member], joined_on=date(2022, 4, joined_on), left_on=left_on and date(2022, 4, left_on))
    ask(school, "M", due(10), "course", "c")
    found = school.rows("core.mission_members", "member_id, is_in, has_left")
    assert found == [
        ("came back", True, False),
        ("canceled", False, True),
        ("comes back", False, False),
        ("in", True, False),
        ("left", False, True),
        ("to come", False, False),
    ]


def test_whoever_leaves_after_being_eliminated_is_eliminated(school: Tiny) -> None:
    join(school, "ab", left_on=date(2022, 4, 15))
    complete(school, "a", "c1", "2022-04-09")
    for mission, day in (("M1", 10), ("M2", 20)):
        ask(school, mission, due(day), "course", "c1" if mission == "M1" else "c2")
    assert school.rows("kpi.missions", COUNTS) == [
        ("M1", 2, 1, 1, 0, 1, 0, 1, 2, 0.5),
        ("M2", 0, 0, 0, 0, 0, 1, 0, 2, 0.0),
    ]


def test_a_mission_that_is_not_due_yet_is_for_those_in_on_as_of(school: Tiny) -> None:
    school.given["core.parameters"][0]["as_of"] = date(2022, 4, 9)
    join(school, "a")
    join(school, "b", left_on=date(2022, 4, 10))
    join(school, "c", left_on=date(2022, 4, 9))
    join(school, "d", joined_on=date(2022, 4, 10))
    ask(school, "M", due(20), "course", "c")
    assert school.rows("kpi.missions", COUNTS) == [("M", 2, 0, 0, 2, 0, 1, 2, 3, 2 / 3)]
    assert school.rows("core.next_missions", "member_id") == [("a",), ("b",)]


def test_who_has_longer_than_the_cohort_lasts_is_in_to_its_last_day(school: Tiny) -> None:
    school.given["core.parameters"][0] |= {"as_of": date(2022, 5, 20), "has_names": True}
    join(school, "ab", left_on=None)
    join(school, "c", left_on=date(2022, 4, 28))
    ask(school, "M", due(25), "course", "c")
    for member in "abc":
        except_(school, member, "M", datetime(2022, 5, 10, 14, 59))
    complete(school, "a", "c", "2022-05-09")
    assert school.rows("kpi.missions", COUNTS) == [("M", 2, 1, 1, 0, 1, 1, 1, 3, 1 / 3)]


def test_outcomes_are_of_the_cohort_joined_as_a_learner(school: Tiny) -> None:
    join(school, "ab")
    join(school, "u", role="builder")
    for member in "au":
        school.add("staging.outcomes", member=member, member_id=member, kind="job", occurred_on=date(2022, 4, 20))
    assert school.rows("kpi.outcomes", "cohort, kind, members, share, denominator") == [
        ("(none)", "job", 1, None, None),
        ("A", "job", 1, 0.5, 2),
    ]


def respond(tiny: Tiny, member: str | None, at: str) -> None:
    number = len(tiny.given.get("staging.survey_responses", []))
    tiny.add("staging.survey_responses", survey="s", response=f"r{number}", question="q", answer="yes",
             submitted_at=datetime.fromisoformat(at), member=member, member_id=member)  # fmt: skip


def asked_after_the_end(tiny: Tiny) -> None:
    """Cohort B ended on 10 April; first response on the 12th, last one on the 20th."""
    tiny.add("core.cohorts", cohort="B", starts_on=date(2022, 4, 1), ends_on=date(2022, 4, 10))
    tiny.add("core.survey_questions", survey="s", question="q", kind="single")
    join(tiny, ["to the end", "silent"], cohort="B")
    join(tiny, ["left on the 11th"], cohort="B", left_on=date(2022, 4, 11))
    join(tiny, ["left on the 12th"], cohort="B", left_on=date(2022, 4, 12))
    join(tiny, ["came on the 20th"], cohort="B", joined_on=date(2022, 4, 20))
    join(tiny, ["came on the 21st"], cohort="B", joined_on=date(2022, 4, 21))
    join(tiny, ["staff"], cohort="B", role="staff")
    respond(tiny, "to the end", "2022-04-11T15:00")  # the 12th in Seoul
    for member in ("staff", "came on the 21st", None):
        respond(tiny, member, "2022-04-15")
    respond(tiny, "left on the 12th", "2022-04-20T14:59")


RESPONSE = "population, respondents, response_rate"


@pytest.mark.fault("S0")
def test_a_survey_is_for_learners_in_between_its_first_and_its_last_response(tiny: Tiny) -> None:
    asked_after_the_end(tiny)
    assert tiny.rows("kpi.survey_response", RESPONSE, "slice_by = 'all'") == [(4, 3, 0.75)]
    assert tiny.rows("kpi.survey", "respondents, chosen", "slice_by = 'all'") == [(5, 5)]
    slices = tiny.rows("kpi.survey_response", "slice, population, respondents", "slice_by = 'cohort'")
    assert slices == [("(none)", 0, 1), ("B", 4, 2)]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"opens_on": date(2022, 4, 11)}, (5, 3, 0.6)),
        ({"opens_on": date(2022, 4, 13)}, (3, 2, 2 / 3)),
        ({"closes_on": date(2022, 4, 21)}, (5, 4, 0.8)),
        ({"closes_on": date(2022, 4, 19)}, (3, 3, 1.0)),
    ],
)
def test_or_between_the_days_that_are_declared(tiny: Tiny, window: dict[str, date], expected: tuple[Any, ...]) -> None:
    asked_after_the_end(tiny)
    tiny.add("core.surveys", survey="s", all_cohorts=True, **window)
    assert tiny.rows("kpi.survey_response", RESPONSE, "slice_by = 'all'") == [expected]


def test_a_survey_may_be_for_other_roles(tiny: Tiny) -> None:
    asked_after_the_end(tiny)
    tiny.add("core.survey_roles", survey="s", role="staff")
    assert tiny.rows("kpi.survey_response", RESPONSE, "slice_by = 'all'") == [(1, 2, 2.0)]


COURSES = "course, started, completed, known_starts, completion_rate, median_days"


def finish(tiny: Tiny, course: str, count: int, started_at: datetime | None = None, first: int = 0) -> None:
    for number in range(first, first + count):
        tiny.add("staging.completions", member=f"m{number}", member_id=f"m{number}", course=course,
                 completed_at=datetime(2022, 4, 10), started_at=started_at)  # fmt: skip


@pytest.mark.fault("S5")
def test_where_fewer_than_half_of_the_completions_have_a_start_nobody_knows_who_began(tiny: Tiny) -> None:
    tiny.add("core.configured_sources", source="completions")
    finish(tiny, "half", 5)
    finish(tiny, "half", 5, datetime(2022, 4, 6), first=5)
    learn(tiny, "m99", "2022-04-02", course="half")
    finish(tiny, "less", 6)
    finish(tiny, "less", 4, datetime(2022, 4, 8), first=6)
    finish(tiny, "none", 10)
    learn(tiny, "m0", "2022-04-10T23:00", course="none")  # the 11th in Seoul: after completing
    finish(tiny, "begun that day", 1, datetime(2022, 4, 10, 14, 59))
    assert tiny.rows("kpi.courses", COURSES) == [
        ("begun that day", 1, 1, 1, 1.0, 0.0),
        ("half", 11, 10, 5, 10 / 11, 4.0),
        ("less", None, 10, 4, None, 2.0),
        ("none", None, 10, 0, None, None),
    ]
    headline = "numerator, denominator, value"
    assert tiny.rows("kpi.headlines", headline, "kpi = 'course_completion_rate'") == [(11, 12, 11 / 12)]


@pytest.mark.fault("S5")
def test_where_no_start_is_known_at_all_there_is_no_rate_of_courses(tiny: Tiny) -> None:
    tiny.add("core.configured_sources", source="completions")
    finish(tiny, "intro", 10)
    assert tiny.rows("kpi.headlines", "value", "kpi = 'course_completion_rate'") == []


SEATS = "kpi in ('adoption_rate', 'platform_adoption_score', 'seat_utilization')"


@pytest.mark.fault("S13")
def test_of_180_seats_175_invited_170_accepted_150_of_the_holders_with_activity(tiny: Tiny) -> None:
    tiny.add("core.seat_capacities", pool="p", valid_from=date(2022, 1, 1), capacity=180)
    for number in range(175):
        tiny.seat(f"m{number}", "invited", "2022-03-01")
    for number in range(170):
        tiny.seat(f"m{number}", "accepted", "2022-03-02")
    for number in range(150):
        tiny.learn(f"m{number}", "2022-03-02T23:59:59", 1)
    found = tiny.rows("kpi.headlines", "kpi, numerator, denominator, round(value, 4)", f"{SEATS} and slice_by = 'all'")
    assert found == [
        ("adoption_rate", 170, 175, 0.9714),
        ("platform_adoption_score", 150, 180, 0.8333),
        ("seat_utilization", 170, 180, 0.9444),
    ]


def test_only_learning_since_the_seat_held_today_was_accepted_counts(tiny: Tiny) -> None:
    tiny.add("core.seat_capacities", pool="p", valid_from=date(2022, 1, 1), capacity=2)
    tiny.add("core.seat_capacities", pool="q", valid_from=date(2022, 1, 1), capacity=2)
    for member in ("gone", "again", "before", "on the day", "two seats", "elsewhere"):
        tiny.seat(member, "accepted", "2022-03-10", pool="unbought" if member == "elsewhere" else "p")
        tiny.learn(member, "2022-03-09" if member == "before" else "2022-03-10")
    tiny.seat("two seats", "accepted", "2022-03-11", pool="q")
    tiny.seat("gone", "reclaimed", "2022-04-01")
    tiny.seat("again", "returned", "2022-04-01")
    tiny.seat("again", "accepted", "2022-04-02")
    assert tiny.rows("kpi.headlines", "numerator, denominator", "kpi = 'platform_adoption_score'") == [(2, 4)]


def meet(tiny: Tiny, session: str, kind: str, members: str) -> None:
    tiny.add("staging.sessions", session=session, kind=kind, starts_at=datetime(2022, 4, 10, 10), minutes=60)
    for member in members:
        tiny.add("staging.attendance", session=session, member=member, member_id=member, status="attended",
                 role="participant", _file_id=session, _row=ord(member))  # fmt: skip


@pytest.mark.fault("S13")
def test_a_kind_expects_roles_and_others_count_as_attendances_alone(tiny: Tiny) -> None:
    tiny.add("core.expected_roles", kind="builder_meeting", role="builder")
    join(tiny, "xyz", role="builder")
    join(tiny, "a")
    join(tiny, "b", joined_on=date(2022, 4, 30))
    join(tiny, "f", left_on=date(2022, 4, 1))
    join(tiny, "g", role="builder", left_on=date(2022, 4, 1))
    meet(tiny, "m", "builder_meeting", "xyag")
    columns = "kind, attendances, unique_members, members, expected_attended, attendance_rate"
    headline = "numerator, denominator, value"
    assert tiny.rows("kpi.community", columns) == [("builder_meeting", 4, 4, 3, 2, 2 / 3)]
    assert tiny.rows("kpi.headlines", headline, "kpi = 'attendance_rate'") == [(2, 3, 2 / 3)]
    meet(tiny, "t", "talk", "axf")
    assert tiny.rows("kpi.community", columns) == [
        ("builder_meeting", 4, 4, 3, 2, 2 / 3),
        ("talk", 3, 3, 5, 2, 0.4),
    ]
    assert tiny.rows("kpi.headlines", headline, "kpi = 'attendance_rate'") == [(3, 5, 0.6)]
