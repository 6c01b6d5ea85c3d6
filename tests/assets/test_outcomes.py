"""Graduates, outcomes and the funnel on tiny literal programs: every figure computed by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from assets.sql import run_model
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY

from .test_selection import apply
from .tiny import Tiny

OUTCOMES = "kind, members, share, numerator, denominator, median_days_from_completion, organizations"
FUNNEL = "position, stage, applicants, passed, share_of_previous, share_of_first, median_days"


@pytest.fixture
def school(tiny: Tiny) -> Tiny:
    """Cohort 2018 until 31 January 2022, whose track is one course; all sources of what follows are configured."""
    tiny.add("core.cohorts", cohort="2018", starts_on=date(2021, 10, 1), ends_on=date(2022, 1, 31))
    tiny.add("staging.catalog", course="c", track="T", hours=5)
    for source in ("catalog", "certifications", "outcomes"):
        tiny.add("core.configured_sources", source=source)
    return tiny


def enroll(tiny: Tiny, member: str, completed: str | None = None, **values: Any) -> None:
    row = {"member": member, "member_id": member, "cohort": "2018", "track": "T"}
    tiny.add("staging.roster", **{**row, **values})
    if completed:
        tiny.add("staging.completions", member=member, member_id=member, course="c",
                 completed_at=datetime.fromisoformat(completed))  # fmt: skip


def become(tiny: Tiny, member: str | None, kind: str, on: date, organization: str | None = None) -> None:
    tiny.add("staging.outcomes", member=member or "x", member_id=member, kind=kind, occurred_on=on,
             organization=organization)  # fmt: skip


def from_literal_rows(tiny: Tiny, key: str, columns: str) -> list[tuple[Any, ...]]:
    """What the model makes of the tables given, whatever made them."""
    for name, rows in tiny.given.items():
        table = TABLE_BY_KEY[name]
        warehouse.write_rows(tiny.con, table, [[row.get(c) for c in table.column_names] for row in rows])
    run_model(tiny.con, key)
    found: list[tuple[Any, ...]] = tiny.con.table(key).project(columns).order("all").fetchall()
    return found


def result(tiny: Tiny, member: str, mission: str, status: str, met_at: datetime | None, mandatory: bool = True) -> None:
    tiny.add("core.mission_results", cohort="2020", mission=mission, member_id=member, status=status, met_at=met_at,
             due_at=datetime(2022, 4, 30), is_mandatory=mandatory)  # fmt: skip
    asked(tiny, member, mission, mandatory=mandatory)


def asked(tiny: Tiny, member: str, mission: str, mandatory: bool = True, has_left: bool = False) -> None:
    tiny.add("core.mission_members", cohort="2020", mission=mission, member_id=member, is_mandatory=mandatory,
             has_left=has_left)  # fmt: skip


def test_who_met_or_was_excused_from_every_mandatory_mission_completed(tiny: Tiny) -> None:
    for member in ("met", "excused", "late", "pending", "quota", "track", "came later", "came last", "left"):
        tiny.add("core.cohort_members", cohort="2020", member_id=member, starts_on=date(2022, 1, 1), track="T")
    tiny.add("core.track_progress", member_id="track", track="T", hours_completed=5, hours=5,
             completed_at=datetime(2022, 4, 1))  # fmt: skip
    first, last = datetime(2022, 2, 1), datetime(2022, 3, 1)
    for member, status, at in (
        ("met", "met", last), ("excused", "excused", None), ("late", "late", last), ("pending", "pending", None),
        ("quota", "met", first),
    ):  # fmt: skip
        result(tiny, member, "1", "met", first)
        result(tiny, member, "2", status, at)
    result(tiny, "quota", "week", "missed", None, mandatory=False)
    asked(tiny, "came later", "1")
    result(tiny, "came later", "2", "met", last)
    asked(tiny, "came last", "1")
    asked(tiny, "came last", "2")
    asked(tiny, "track", "1")
    result(tiny, "left", "1", "met", first)
    asked(tiny, "left", "2", has_left=True)
    assert from_literal_rows(tiny, "core.graduates", "member_id, completed_at") == [
        ("came later", last),
        ("excused", first),
        ("met", last),
        ("quota", first),
    ]


def test_a_cohort_without_mandatory_missions_is_completed_with_the_own_track(school: Tiny) -> None:
    enroll(school, "done", "2022-01-20T10:00")
    enroll(school, "later", "2022-05-01")  # after as_of
    enroll(school, "begun")
    enroll(school, "other", "2022-01-20", track="U")
    assert school.rows("core.graduates", "cohort, member_id, completed_at") == [
        ("2018", "done", datetime(2022, 1, 20, 10))
    ]


def test_a_member_counts_once_per_kind_from_the_earliest_and_the_share_is_of_the_cohort(school: Tiny) -> None:
    for member in "abcd":
        enroll(school, member)
    become(school, "a", "job", date(2022, 3, 2), "Acme")  # 30 days
    become(school, "a", "job", date(2022, 4, 1), "Bolt")
    become(school, "b", "job", date(2022, 2, 10), "Acme")  # 10 days
    become(school, "b", "award", date(2022, 1, 26))  # 5 days before
    become(school, "c", "job", date(2022, 5, 1), "Core")  # after as_of
    become(school, None, "job", date(2022, 3, 1), "Dome")  # nobody known
    assert school.rows("kpi.outcomes", OUTCOMES) == [
        ("award", 1, 0.25, 1, 4, -5.0, 0),
        ("job", 2, 0.5, 2, 4, 20.0, 2),
    ]


def test_an_outcome_belongs_to_the_cohort_last_joined_by_then(school: Tiny) -> None:
    school.add("core.cohorts", cohort="2020", starts_on=date(2022, 3, 1))
    enroll(school, "a")
    enroll(school, "a", cohort="2020")
    for month in (1, 2, 3, 4):
        become(school, "a", "paper", date(2022, month, 1))
    become(school, "a", "project", date(2021, 9, 30))  # in no cohort yet
    columns = "cohort, kind, members, share, denominator, median_days_from_completion"
    assert school.rows("kpi.outcomes", columns) == [
        ("(none)", "project", 1, None, None, None),
        ("2018", "paper", 1, 1.0, 1, -30.0),
        ("2020", "paper", 1, 1.0, 1, None),
    ]
    months = school.rows("kpi.outcome_timeline", "cohort, kind, months_since, cumulative_members")
    assert months == [("2018", "paper", number, 1) for number in range(4)]


def test_placement_is_the_earliest_internship_or_job_of_graduates_who_seek_one(school: Tiny) -> None:
    for member, completed, seeking in (
        ("placed", "2022-01-20", True), ("waiting", "2022-01-20", True), ("content", "2022-01-20", False),
        ("silent", "2022-01-20", None), ("dropped", None, True),
    ):  # fmt: skip
        enroll(school, member, completed, seeking=seeking)
        if member != "waiting":
            become(school, member, "job", date(2022, 4, 1), "Acme")
    become(school, "placed", "internship", date(2022, 2, 10), "Bolt")
    become(school, "dropped", "internship", date(2022, 2, 10), "Core")
    assert school.rows("kpi.outcomes", OUTCOMES, "kind = 'placement'") == [("placement", 1, 0.5, 1, 2, 10.0, 2)]


def test_where_nobody_of_a_cohort_says_placement_is_of_all_graduates(school: Tiny) -> None:
    enroll(school, "a", "2022-01-20")
    enroll(school, "b", "2022-01-20")
    enroll(school, "c")
    enroll(school, "says", cohort="other", seeking=True)
    become(school, "a", "job", date(2022, 4, 1))
    columns = "cohort, members, share, denominator"
    assert school.rows("kpi.outcomes", columns, "kind = 'placement'") == [("2018", 1, 0.5, 2)]


def test_placement_stays_where_nobody_is_placed_and_needs_the_source(school: Tiny) -> None:
    enroll(school, "a", "2022-01-20")
    assert school.rows("kpi.outcomes", OUTCOMES) == [("placement", 0, 0.0, 0, 1, None, 0)]
    school.given["core.configured_sources"] = [{"source": "catalog"}]
    assert school.rows("kpi.outcomes", OUTCOMES) == []


def test_the_timeline_has_every_calendar_month_from_the_last_day_to_as_of(school: Tiny) -> None:
    for member in "abcd":
        enroll(school, member)
    become(school, "a", "job", date(2021, 12, 1))  # before completion: in month 0
    become(school, "b", "job", date(2022, 2, 28))
    become(school, "c", "job", date(2022, 4, 1))
    become(school, "c", "job", date(2022, 4, 2))
    columns = "months_since, cumulative_members, denominator, cumulative_share"
    assert school.rows("kpi.outcome_timeline", columns) == [
        (0, 1, 4, 0.25), (1, 2, 4, 0.5), (2, 2, 4, 0.5), (3, 3, 4, 0.75),
    ]  # fmt: skip
    school.given["core.parameters"][0]["as_of"] = date(2022, 1, 31)
    assert school.rows("kpi.outcome_timeline", columns) == [(0, 1, 4, 0.25)]
    school.given["core.parameters"][0]["as_of"] = date(2022, 1, 30)
    assert school.rows("kpi.outcome_timeline", columns) == []


def test_the_funnel_counts_at_each_stage_those_who_passed_all_before(school: Tiny) -> None:
    for member, completed in (("a", "2022-01-11"), ("b", "2022-01-21"), ("c", None)):
        enroll(school, member, completed)
        apply(school, member, "quiz", "passed", "2021-09-05", "2021-09-01", cohort="2018", member=member)  # 4 days
        apply(school, member, "documents", "passed", "2021-09-15", cohort="2018", member=member)  # 10 days
    apply(school, "d", "quiz", "failed", "2021-09-05", "2021-09-01", cohort="2018")
    apply(school, "d", "documents", "passed", "2021-09-15", cohort="2018")  # without the quiz: not counted
    apply(school, "e", "quiz", "passed", "2021-09-11", "2021-09-01", cohort="2018")  # 10 days
    for member, day in (("a", date(2022, 2, 10)), ("b", date(2022, 1, 1)), ("c", date(2022, 1, 1))):
        school.add("staging.certifications", member=member, member_id=member, certification="x", issued_on=day)
    become(school, "b", "job", date(2022, 3, 1))
    become(school, "c", "job", date(2022, 3, 1))
    become(school, "a", "award", date(2022, 3, 1))
    assert school.rows("kpi.funnel", FUNNEL) == [
        (1, "quiz", 5, 4, None, 1.0, 4.0),
        (2, "documents", 5, 3, 0.75, 0.75, 10.0),
        (3, "completed", 5, 2, 2 / 3, 0.5, 123.0),  # 118 and 128 days
        (4, "certified", 5, 2, 1.0, 0.5, 30.0),  # b before completing: left out
        (5, "placed", 5, 1, 0.5, 0.25, 59.0),
    ]


def test_a_stage_of_which_no_source_tells_is_not_in_the_funnel(school: Tiny) -> None:
    school.given["core.configured_sources"] = [{"source": "missions"}, {"source": "outcomes"}]
    enroll(school, "a", "2022-01-11")
    apply(school, "a", "quiz", "passed", "2021-09-05", cohort="2018", member="a")
    become(school, "a", "internship", date(2022, 1, 21))
    assert school.rows("kpi.funnel", FUNNEL) == [
        (1, "quiz", 1, 1, None, 1.0, None),
        (2, "completed", 1, 1, 1.0, 1.0, 128.0),
        (4, "placed", 1, 1, 1.0, 1.0, 10.0),
    ]


@pytest.mark.parametrize(
    ("mandatory", "stages"), [(False, ["quiz", "placed"]), (True, ["quiz", "completed", "placed"])]
)
def test_nobody_can_complete_a_cohort_whose_missions_are_all_optional(
    school: Tiny, mandatory: bool, stages: list[str]
) -> None:
    """Whoever was placed is placed, and not left out as one who did not complete."""
    school.given["core.configured_sources"] = [{"source": "missions"}, {"source": "outcomes"}]
    school.add("staging.missions", cohort="2018", mission="M1", due_at=datetime(2022, 1, 20), mandatory=mandatory)
    enroll(school, "a")
    apply(school, "a", "quiz", "passed", "2021-09-05", cohort="2018", member="a")
    become(school, "a", "job", date(2022, 1, 21))
    found = school.rows("kpi.funnel", "position, stage, passed")
    assert ([stage for _, stage, _ in found], found[-1][2]) == (stages, int(not mandatory))


def test_a_funnel_is_of_the_cohort_applied_for_and_ends_with_nobody(school: Tiny) -> None:
    enroll(school, "a", "2022-01-11")
    apply(school, "a", "screening", "passed", "2021-07-05", cohort="builders", member="a")
    apply(school, "b", "screening", "failed", "2021-07-05", cohort="open")
    columns = "cohort, stage, passed, passed_previous, passed_first, share_of_previous, share_of_first"
    assert school.rows("kpi.funnel", columns, "stage in ('screening', 'completed', 'certified')") == [
        ("builders", "certified", 0, 0, 1, None, 0.0),
        ("builders", "completed", 0, 1, 1, 0.0, 0.0),
        ("builders", "screening", 1, None, 1, None, 1.0),
        ("open", "certified", 0, 0, 0, None, None),
        ("open", "completed", 0, 0, 0, None, None),
        ("open", "screening", 0, None, 0, None, None),
    ]
