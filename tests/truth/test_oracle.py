"""The oracle itself against figures worked out by hand from the KPI dictionary."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from .by_hand import case, one, picked
from .oracle import evaluate
from .oracle_people import wilson
from .oracle_staging import Row, TextRow, World

POOL = "datacamp"
HALF = Fraction(1, 2)


def event(member: str, event: str, at: str, pool: str = POOL) -> TextRow:
    return {"member": member, "event": event, "occurred_at": at, "pool": pool}


def learned(member: str, at: str, xp: str = "") -> TextRow:
    return {"member": member, "occurred_at": at, "xp": xp}


def test_sixty_sent_fifty_seven_accepted_one_withdrawn() -> None:
    events = [event(f"p{n}", "invited", "2021-08-02T09:00:00") for n in range(60)]
    events += [event(f"p{n}", "accepted", "2021-08-05T09:00:00") for n in range(57)]
    events += [event("p59", "withdrawn", "2021-08-20T09:00:00")]
    rows = evaluate(case(as_of=date(2021, 9, 30), seat_events=events))["kpi.adoption"]
    august = one(rows, month=date(2021, 8, 1), slice_by="all")
    assert (august["invited"], august["accepted"], august["adoption_rate"]) == (59, 57, Fraction(57, 59))
    assert august["median_days_to_accept"] == 3


def test_a_withdrawal_after_as_of_counts_for_nothing() -> None:
    events = [event("a", "invited", "2021-08-02"), event("a", "withdrawn", "2021-09-01")]
    rows = evaluate(case(as_of=date(2021, 8, 31), seat_events=events))["kpi.adoption"]
    assert one(rows, slice_by="all")["invited"] == 1


def test_170_of_175_invitations_were_accepted_and_150_activated() -> None:
    events = [event(f"p{n}", "invited", "2022-03-01") for n in range(175)]
    events += [event(f"p{n}", "accepted", "2022-03-02") for n in range(170)]
    activity = [learned(f"p{n}", "2022-03-02T23:59:59", "1") for n in range(150)]
    row = one(evaluate(case(seat_events=events, activity=activity))["kpi.adoption"], slice_by="all")
    assert round(float(row["adoption_rate"]), 4) == 0.9714
    assert row["activated"] == 150


@pytest.mark.parametrize(
    ("day", "holders"), [("2023-03-01", None), ("2023-03-02", 1), ("2023-04-30", 1), ("2023-05-01", 0)]
)
def test_a_seat_is_held_up_to_the_day_before_its_end(day: str, holders: int | None) -> None:
    events = [event("a", "accepted", "2023-03-02T23:59:59"), event("a", "reclaimed", "2023-05-01T00:00:00")]
    rows = evaluate(case(as_of=date(2023, 5, 2), seat_events=events))["kpi.engagement"]
    found = picked(rows, day=date.fromisoformat(day), slice_by="all")
    assert [row["holders"] for row in found] == ([] if holders is None else [holders])


def test_an_evening_in_utc_is_the_next_day_in_seoul() -> None:
    rows = evaluate(case(activity=[learned("a", "2023-07-31T15:30Z", "5")]))["kpi.activity"]
    assert {row["month"] for row in rows} == {date(2023, 8, 1)}


def test_accepted_and_reclaimed_on_one_day_is_held_on_none() -> None:
    events = [event("a", "accepted", "2023-03-02T09:00"), event("a", "reclaimed", "2023-03-02T10:00")]
    settings = {"seats": [{"pool": POOL, "from": date(2023, 3, 1), "capacity": 2}]}
    (row,) = evaluate(case(settings, date(2023, 3, 31), seat_events=events))["kpi.seats"]
    assert [row[c] for c in ("held_start", "accepted", "reclaimed", "held_end", "peak_held", "idle")] == [
        0,
        1,
        1,
        0,
        0,
        2,
    ]


def test_one_instant_ends_a_seat_before_it_is_offered_again() -> None:
    at = "2023-03-10T12:00:00"
    events = [event("a", "accepted", "2023-03-02"), *(event("a", e, at) for e in ("accepted", "invited", "reclaimed"))]
    tables = evaluate(case(as_of=date(2023, 3, 31), seat_events=events))
    (row,) = tables["kpi.seats"]
    assert (row["accepted"], row["reclaimed"], row["held_end"]) == (2, 1, 1)
    assert one(tables["kpi.adoption"], slice_by="all")["invited"] == 2


@pytest.mark.parametrize(
    ("history", "invited", "accepted", "open_"),
    [
        (["invited", "expired", "invited"], 1, 0, 1),
        (["invited", "expired", "accepted"], 1, 1, 0),
        (["invited", "invited"], 1, 0, 1),
        (["invited", "declined", "invited"], 2, 0, 1),
        (["invited", "withdrawn", "invited", "accepted"], 1, 1, 0),
        (["invited", "withdrawn"], 0, 0, 0),
        (["accepted", "invited"], 1, 1, 0),
        (["accepted", "returned", "invited"], 2, 1, 1),
        (["expired", "declined", "reclaimed", "returned"], 0, 0, 0),
        (["invited", "declined", "declined", "accepted"], 2, 1, 0),
    ],
)
def test_histories_of_an_invitation(history: list[str], invited: int, accepted: int, open_: int) -> None:
    events = [event("a", what, f"2023-03-{day:02}") for day, what in enumerate(history, start=1)]
    settings = {"seats": [{"pool": POOL, "from": "2023-03-01", "capacity": 1}]}
    tables = evaluate(case(settings, date(2023, 3, 31), seat_events=events))
    counted = [(row["invited"], row["accepted"]) for row in picked(tables["kpi.adoption"], slice_by="all")]
    assert counted == ([(invited, accepted)] if invited else [])
    assert tables["kpi.seats"][0]["invited_open"] == open_


REVIEWED: dict[str, Any] = {
    "seats": [{"pool": POOL, "from": date(2022, 1, 1), "capacity": 10}],
    "review": {
        "rules": [
            {"id": "any-activity", "from": "2022-03", "study_mode": "individual", "minimum_active_days": 1},
            {"id": "xp-1000", "from": "2022-09", "study_mode": "individual", "minimum_xp": 1000},
        ]
    },
}


def reviewed(
    xp: dict[str, str], settings: dict[str, Any] | None = None, since: str = "2022-06-01"
) -> dict[str, list[Row]]:
    """Reviews of members with that XP in August 2022, every day of it covered."""
    roster = [{"member": member, "cohort": "c", "study_mode": "individual"} for member in xp]
    events = [event(member, "accepted", since) for member in xp]
    rows = [learned(member, "2022-08-15", amount) for member, amount in xp.items() if amount]
    rows += [learned("nobody", (date(2022, 8, 1) + timedelta(days=n)).isoformat(), "1") for n in range(32)]
    return evaluate(case(settings or REVIEWED, date(2022, 9, 1), roster=roster, seat_events=events, activity=rows))


def test_exactly_1000_keeps_the_seat_and_999_loses_it() -> None:
    rows = reviewed({"a": "999", "b": "1000", "c": "1001", "d": "999.9999", "e": ""})["ops.seat_reviews"]
    assert {row["member_id"]: row["decision"] for row in rows} == {
        "a": "reclaim",
        "b": "keep",
        "c": "keep",
        "d": "reclaim",
        "e": "reclaim",
    }


def test_a_seat_begun_on_the_first_of_the_month_reviewed_is_exempt() -> None:
    tables = reviewed({"a": "0"}, since="2022-08-01T00:00:00+09:00")
    assert [row["decision"] for row in tables["ops.seat_reviews"]] == ["exempt"]
    summary = tables["kpi.review_summary"][0]
    assert (summary["reviewed"], summary["exempt"], summary["reclaim_rate"]) == (1, 1, None)


@pytest.mark.parametrize(("xp", "decision"), [("548", "reclaim"), ("549", "keep")])
def test_prorated_is_rounded_up(xp: str, decision: str) -> None:
    rule = {"id": "r", "from": "2022-09", "minimum_xp": 1000, "first_month": "prorated"}
    settings = {**REVIEWED, "review": {"rules": [rule]}}
    # 2022-08-15 … 31 are 17 of 31 days: 548.39 is rounded up to 549
    rows = reviewed({"a": xp}, settings, since="2022-08-15")["ops.seat_reviews"]
    assert [row["decision"] for row in rows] == [decision]


def test_the_rotation_budget_takes_the_worst() -> None:
    budget = {"share": 0.2, "terms": [{"from": date(2022, 8, 1), "to": date(2023, 7, 31)}]}
    settings = {**REVIEWED, "review": {**REVIEWED["review"], "rotation_budget": budget}}
    rows = reviewed({"a": "5", "b": "3", "c": "3", "d": ""}, settings)["ops.seat_reviews"]
    assert {row["member_id"]: row["decision"] for row in rows} == {
        "a": "deferred",
        "b": "reclaim",
        "c": "deferred",
        "d": "reclaim",
    }


def test_no_review_of_a_month_that_is_not_covered() -> None:
    assert not [row for row in reviewed({"a": ""})["ops.seat_reviews"] if row["review_month"] != date(2022, 9, 1)]


def test_what_if_replaces_only_the_minimum_of_xp() -> None:
    rows = reviewed({"a": "999", "b": "1000", "c": ""})["kpi.what_if"]
    assert [(row["minimum_xp"], row["reclaimed"]) for row in rows] == [
        (0, 1),
        (250, 1),
        (500, 1),
        (1000, 2),
        (1500, 3),
        (2000, 3),
        (3000, 3),
    ]


def test_activity_outside_a_seat_is_learning_but_not_engagement() -> None:
    events = [
        event("a", "accepted", "2023-03-02"),
        event("a", "returned", "2023-03-05"),
        event("a", "accepted", "2023-03-08"),
    ]
    tables = evaluate(case(seat_events=events, activity=[learned("a", "2023-03-06", "7"), learned("b", "2023-03-08")]))
    last = one(tables["kpi.engagement"], day=date(2023, 3, 8), slice_by="all")
    assert (last["holders"], last["active"], last["stickiness"]) == (1, 0, None)
    assert one(tables["kpi.activity"], slice_by="all")["learners"] == 2


@pytest.mark.fault("I6")
def test_the_window_is_thirty_days_that_end_with_the_day() -> None:
    events, rows = [event("a", "accepted", "2023-03-01")], [learned("a", "2023-03-01")]
    tables = evaluate(case(as_of=date(2023, 3, 31), seat_events=events, activity=rows))
    active = {row["day"]: row["active"] for row in picked(tables["kpi.engagement"], slice_by="all")}
    assert (active[date(2023, 3, 30)], active[date(2023, 3, 31)]) == (1, 0)


def test_month_zero_of_retention_and_only_whole_months() -> None:
    events, rows = [event("a", "accepted", "2023-01-31")], [learned("a", "2023-01-01"), learned("a", "2023-03-01")]
    tables = evaluate(case(as_of=date(2023, 3, 30), seat_events=events, activity=rows))
    kept = [(r["months_since"], r["active"]) for r in picked(tables["kpi.retention"], slice_by="all")]
    assert kept == [(0, 1), (1, 0)]


def test_slices_follow_the_roster_row_in_force() -> None:
    roster = [
        {"member": "a", "cohort": "c1", "joined_on": "2023-01-01", "left_on": "2023-02-01", "study_mode": "group"},
        {"member": "a", "cohort": "c2", "joined_on": "2023-03-01", "left_on": "2023-04-01", "study_mode": "individual"},
    ]
    activity = [learned("a", day) for day in ("2022-12-01", "2023-01-15", "2023-02-15", "2023-05-15", "2023-06-15")]
    rows = evaluate(case(roster=roster, activity=activity))["kpi.activity"]
    found = {row["month"].month: row["slice"] for row in picked(rows, slice_by="cohort")}
    assert found == {12: "c1", 1: "c1", 2: "c2", 5: "c2", 6: "c2"}


def test_twenty_eight_of_thirty_three() -> None:
    low, high = wilson(28, 33)
    assert (round(28 / 33, 4), round(low, 4), round(high, 4)) == (0.8485, 0.6908, 0.9335)


def test_a_last_response_replaces_the_earlier_as_a_whole() -> None:
    settings = {
        "surveys": [{"id": "s", "questions": {"q": {"kind": "single"}, "r": {"kind": "rating", "scale": [0, 10]}}}]
    }
    rows = [
        {
            "survey": "s",
            "response": "1",
            "submitted_at": "2023-01-01T10:00",
            "question": "q",
            "answer": "no",
            "member": "a",
        },
        {
            "survey": "s",
            "response": "1",
            "submitted_at": "2023-01-01T10:00",
            "question": "r",
            "answer": "3",
            "member": "a",
        },
        {
            "survey": "s",
            "response": "2",
            "submitted_at": "2023-01-02T10:00",
            "question": "q",
            "answer": "yes",
            "member": "a",
        },
        {
            "survey": "s",
            "response": "3",
            "submitted_at": "2023-01-02T10:00",
            "question": "r",
            "answer": "9",
            "member": "",
        },
    ]
    tables = evaluate(case(settings, roster=[{"member": "a", "cohort": "c"}], survey_responses=rows))
    options = {(r["question"], r["option"]): r["chosen"] for r in picked(tables["kpi.survey"], slice_by="all")}
    assert options == {("q", "yes"): 1, ("r", "9"): 1}
    assert one(tables["kpi.survey_ratings"], slice_by="all")["nps"] == 100
    assert one(tables["kpi.survey_response"], slice_by="all")["respondents"] == 2


def test_progress_on_a_track_is_weighed_by_hours() -> None:
    catalog = [{"course": "x", "track": "t", "hours": "3"}, {"course": "y", "track": "t", "hours": "1"}]
    roster = [{"member": m, "cohort": "c", "track": "t"} for m in "ab"]
    done = [{"member": "a", "course": c, "completed_at": "2023-01-03", "started_at": "2023-01-01"} for c in "xy"]
    done += [{"member": "b", "course": "x", "completed_at": "2023-01-04", "started_at": "2023-01-05"}]
    tables = evaluate(case(as_of=date(2023, 1, 31), catalog=catalog, roster=roster, completions=done))
    track = one(tables["kpi.tracks"], slice_by="all")
    assert (track["median_progress"], track["completed"], track["completion_rate"]) == (Fraction(7, 8), 1, HALF)
    course = one(tables["kpi.courses"], course="x")
    assert (course["completed"], course["median_days"], course["hours"]) == (2, 2, Decimal(3))


def test_stages_and_their_rates() -> None:
    def stage(applicant: str, stage: str, result: str, at: str) -> TextRow:
        return {"applicant": applicant, "cohort": "c", "stage": stage, "result": result, "decided_at": at}

    rows = [stage(a, "screening", "passed", "2023-01-02") for a in "abc"]
    rows += [stage("d", "screening", "failed", "2023-01-02"), stage("d", "screening", "pending", "2023-01-01")]
    rows += [stage("a", "accepted", "passed", "2023-01-05"), stage("b", "accepted", "withdrawn", "2023-01-05")]
    found = evaluate(case(applications=rows))["kpi.applications"]
    first, second = (one(found, position=place) for place in (1, 2))
    assert (first["stage"], first["entered"], first["failed"], first["pass_rate"]) == (
        "screening",
        4,
        1,
        Fraction(3, 4),
    )
    assert (second["entered"], second["pass_rate"], second["overall_rate"]) == (2, HALF, Fraction(1, 4))


@pytest.mark.parametrize(
    ("written", "member"),
    [
        ("m1", "m1"),
        ("nick", "m1"),
        ("M1", None),
        ("STRASSE@X.ORG", "m2"),
        ("cafe\u0301@x.org", "m1"),
        ("twin", None),
        ("m2", "m2"),
    ],
)
def test_the_first_step_that_knows_a_name_decides(written: str, member: str | None) -> None:
    roster = [
        {"member": "m1", "cohort": "c", "email": "caf\u00e9@x.org"},
        {"member": "m2", "cohort": "c", "email": "straße@x.org"},
    ]
    aliases = [{"member": m, "kind": "survey", "value": "twin"} for m in ("m1", "m2")]
    aliases += [{"member": "m1", "kind": "platform", "value": value} for value in ("nick", "m2")]
    world = World(case(roster=roster, aliases=aliases))
    assert world.names.resolve(written) == member


@pytest.mark.parametrize(("gap", "covered"), [(3, True), (4, False)])
def test_a_run_of_more_than_three_days_without_a_row_is_not_covered(gap: int, covered: bool) -> None:
    last = date(2023, 1, 2) + timedelta(days=gap)
    world = World(case(activity=[learned("a", "2023-01-01"), learned("nobody", last.isoformat())]))
    assert world.is_covered(date(2023, 1, 3)) is covered
    assert not world.is_covered(last + timedelta(days=1))


def test_snapshots_that_differ_tell_what_happened_between() -> None:
    def state(status: str, at: str, accepted: str = "") -> TextRow:
        return {"member": "a", "status": status, "exported_at": at, "accepted_at": accepted, "pool": POOL}

    rows = [state("invited", "2023-01-01"), state("active", "2023-01-20", "2023-01-10"), state("removed", "2023-02-01")]
    january, february = evaluate(case(as_of=date(2023, 2, 28), seat_snapshots=rows))["kpi.seats"]
    assert (january["accepted"], january["held_end"], february["reclaimed"], february["held_end"]) == (1, 1, 1, 0)
    (alone,) = evaluate(case(as_of=date(2023, 1, 31), seat_snapshots=rows[1:2]))["kpi.seats"]
    earlier = evaluate(case(as_of=date(2023, 1, 15), seat_snapshots=rows[1:2]))["kpi.seats"]
    assert (alone["held_end"], earlier[-1]["held_end"]) == (1, 1)


@pytest.mark.parametrize(("target", "status"), [(0.5, "met"), (0.52, "near"), (0.53, "missed"), (None, None)])
def test_status_against_the_target(target: float | None, status: str | None) -> None:
    events = [event("a", "accepted", "2023-01-01"), event("b", "invited", "2023-01-01")]
    settings = {"targets": {"adoption_rate": target}} if target else {}
    rows = evaluate(case(settings, date(2023, 1, 31), seat_events=events), with_headlines=True)["kpi.scorecard"]
    row = one(rows, kpi="adoption_rate")
    assert (row["value"], row["status"], row["previous"]) == (HALF, status, None)
