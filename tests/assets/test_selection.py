"""Applications, channels and who waits, on tiny literal programs: every figure computed by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from .tiny import Tiny

CHANNELS = "role, channel, applicants, accepted, acceptance_rate, median_days_to_decision, unanswered"


def apply(
    tiny: Tiny, applicant: str, stage: str, result: str, decided: str, applied: str | None = None,
    *, cohort: str = "2020", member: str | None = None, channel: str | None = None, role: str | None = None,
) -> None:  # fmt: skip
    tiny.add(
        "staging.applications", applicant=applicant, member_id=member, cohort=cohort, stage=stage, result=result,
        decided_at=datetime.fromisoformat(decided), channel=channel, role=role,
        applied_at=datetime.fromisoformat(applied) if applied else None,
    )  # fmt: skip


def test_stages_are_in_the_order_of_the_program_then_of_their_earliest_decision(tiny: Tiny) -> None:
    tiny.add("core.application_stages", stage="quiz", position=1)
    tiny.add("core.application_stages", stage="interview", position=2)
    apply(tiny, "a", "documents", "passed", "2022-04-03")
    apply(tiny, "a", "call", "passed", "2022-04-02")
    apply(tiny, "a", "quiz", "passed", "2022-04-05")
    apply(tiny, "a", "party", "passed", "2022-05-01")  # after as_of
    assert tiny.rows("kpi.applications", "position, stage") == [(1, "quiz"), (3, "call"), (4, "documents")]


def test_an_applicant_counts_once_by_the_last_result_at_a_stage(tiny: Tiny) -> None:
    apply(tiny, "a", "quiz", "pending", "2022-04-01")
    apply(tiny, "a", "quiz", "passed", "2022-04-02")
    apply(tiny, "kim@example.org", "quiz", "passed", "2022-04-01", member="m1")
    apply(tiny, "kim", "quiz", "failed", "2022-04-03", member="m1")
    found = tiny.rows("kpi.applications", "entered, passed, failed, pending, pass_rate, overall_rate")
    assert found == [(2, 1, 1, 0, 0.5, 0.5)]


def test_the_accepted_of_a_channel_passed_the_cohorts_last_stage(tiny: Tiny) -> None:
    apply(tiny, "a", "quiz", "passed", "2022-03-05", "2022-03-01", channel="friend")
    apply(tiny, "a", "documents", "passed", "2022-03-11", "2022-03-01")  # 10 days
    apply(tiny, "b", "quiz", "failed", "2022-03-05", "2022-03-01", channel="friend")  # 4 days
    apply(tiny, "c", "quiz", "passed", "2022-03-05", channel="post", role="builder")
    apply(tiny, "d", "screening", "passed", "2022-03-05", cohort="builders", channel="post")
    found = tiny.rows("kpi.application_channels", f"cohort, {CHANNELS}")
    assert found == [
        ("2020", "(none)", "friend", 2, 1, 0.5, 7.0, 0),
        ("2020", "builder", "post", 1, 0, 0.0, None, 0),
        ("builders", "(none)", "post", 1, 1, 1.0, None, 0),
    ]


def test_the_last_channel_that_is_said_counts(tiny: Tiny) -> None:
    apply(tiny, "a", "quiz", "passed", "2022-03-01", channel="post")
    apply(tiny, "a", "documents", "passed", "2022-03-02", channel="friend")
    apply(tiny, "a", "interview", "passed", "2022-03-03")
    assert tiny.rows("kpi.application_channels", "channel, applicants") == [("friend", 1)]


@pytest.mark.parametrize(
    ("decided", "applied", "days", "unanswered"),
    [
        ("2022-04-01", "2022-03-01", 60, False),
        ("2022-04-01", "2022-02-28", 61, True),
        ("2022-04-01", "2022-02-28T15:00", 60, False),  # 1 March in Seoul
        ("2022-02-28", None, 61, True),
        ("2020-10-20", "2020-10-01", 576, True),
    ],
)
def test_who_waits_for_more_than_60_days_is_unanswered(
    tiny: Tiny, decided: str, applied: str | None, days: int, unanswered: bool
) -> None:
    apply(tiny, "a", "quiz", "pending", decided, applied)
    assert tiny.rows("kpi.application_channels", "unanswered, median_days_to_decision") == [(int(unanswered), None)]
    found = tiny.rows("ops.waiting_applicants", "applicant, member_id, stage, days_waiting, is_unanswered")
    assert found == [("a", None, "quiz", days, unanswered)]


def test_who_waited_and_was_then_answered_waits_no_more(tiny: Tiny) -> None:
    apply(tiny, "a", "quiz", "pending", "2022-01-01", "2022-01-01")
    apply(tiny, "a", "quiz", "failed", "2022-04-30", "2022-01-01")
    apply(tiny, "b", "quiz", "pending", "2022-01-01", "2022-01-01")
    apply(tiny, "b", "quiz", "failed", "2022-05-01", "2022-01-01")  # after as_of
    assert tiny.rows("ops.waiting_applicants", "applicant, waiting_since") == [("b", date(2022, 1, 1))]
    assert tiny.rows("kpi.application_channels", CHANNELS) == [("(none)", "(none)", 2, 0, 0.0, 119.0, 1)]


def test_who_is_pending_at_a_later_stage_waits_since_applying(tiny: Tiny) -> None:
    apply(tiny, "a", "quiz", "passed", "2022-02-20")
    apply(tiny, "a", "documents", "pending", "2022-04-20")
    found = tiny.rows("ops.waiting_applicants", "stage, waiting_since, days_waiting, is_unanswered")
    assert found == [("documents", date(2022, 2, 20), 69, True)]


def test_a_track_is_complete_when_all_of_its_hours_are(tiny: Tiny) -> None:
    for course, hours in (("a", 3), ("b", 1), ("extra", None)):
        tiny.add("staging.catalog", course=course, track="T", hours=hours)
    for member in ("all", "half", "new"):
        tiny.add("staging.roster", member=member, member_id=member, cohort="c", track="T")
    for member, course, day in (("all", "a", 2), ("all", "b", 5), ("all", "extra", 9), ("half", "a", 3)):
        tiny.add("staging.completions", member=member, member_id=member, course=course,
                 completed_at=datetime(2022, 4, day))  # fmt: skip
    found = tiny.rows("core.track_progress", "member_id, hours_completed, hours, completed_at")
    assert found == [("all", 4, 4, datetime(2022, 4, 5)), ("half", 3, 4, None), ("new", 0, 4, None)]
    columns = "members, median_progress, completed, completion_rate"
    assert tiny.rows("kpi.tracks", columns, "slice_by = 'all'") == [(3, 0.75, 1, 1 / 3)]
