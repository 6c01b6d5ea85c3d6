"""KPI models on tiny literal programs: rows in, rows out, every figure computed by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from .tiny import Tiny


def test_an_invitation_withdrawn_unanswered_is_not_counted(tiny: Tiny) -> None:
    for number in range(60):
        tiny.seat(f"m{number}", "invited", "2022-03-01")
    for number in range(57):
        tiny.seat(f"m{number}", "accepted", "2022-03-03")
    tiny.seat("m59", "withdrawn", "2022-04-05")
    found = tiny.rows("kpi.adoption", "month, invited, accepted, adoption_rate", "slice_by = 'all'")
    assert found == [(date(2022, 3, 1), 59, 57, 57 / 59), (date(2022, 4, 1), 59, 57, 57 / 59)]


@pytest.mark.fault("I4")
def test_where_nobody_accepted_how_many_of_them_learned_is_no_data(tiny: Tiny) -> None:
    """Nothing of nothing: neither 0 % nor 100 %, and no number that is none."""
    tiny.seat("a", "invited", "2022-04-01")
    (row,) = tiny.rows(
        "kpi.adoption", "invited, accepted, adoption_rate, activated, activation_rate", "slice_by = 'all'"
    )
    assert row == (1, 0, 0.0, 0, None)


def test_a_sending_after_expiry_continues_the_invitation_and_after_a_decline_begins_another(tiny: Tiny) -> None:
    for event, at in [("invited", "2022-03-01"), ("expired", "2022-03-10"), ("invited", "2022-03-20"),
                      ("declined", "2022-03-25"), ("invited", "2022-04-01"), ("accepted", "2022-04-03")]:  # fmt: skip
        tiny.seat("a", event, at)
    found = tiny.rows("core.invitations", "sent_on, times_sent, accepted_on, status")
    assert found == [
        (date(2022, 3, 1), 2, None, "declined"),
        (date(2022, 4, 1), 1, date(2022, 4, 3), "accepted"),
    ]


@pytest.mark.fault("I5")
def test_a_seat_is_held_from_acceptance_to_the_day_before_its_end(tiny: Tiny) -> None:
    tiny.seat("a", "accepted", "2022-03-02")
    tiny.seat("a", "reclaimed", "2022-04-29")
    held = tiny.rows("kpi.engagement", "day, holders", "slice_by = 'all' and day >= date '2022-04-28'")
    assert held == [(date(2022, 4, 28), 1), (date(2022, 4, 29), 0), (date(2022, 4, 30), 0)]


@pytest.mark.fault("I6")
def test_the_window_is_30_days_and_its_first_day_is_day_minus_29(tiny: Tiny) -> None:
    tiny.seat("a", "accepted", "2022-03-01")
    tiny.learn("a", "2022-03-31T15:00")  # 1 April in Seoul
    found = tiny.rows("kpi.engagement", "day, active", "slice_by = 'all' and day in ('2022-04-01', '2022-04-30')")
    assert found == [(date(2022, 4, 1), 1), (date(2022, 4, 30), 1)]
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 5, 1)
    assert tiny.rows("kpi.engagement", "active", "slice_by = 'all' and day = '2022-05-01'") == [(0,)]


def test_learning_outside_a_seat_is_no_engagement(tiny: Tiny) -> None:
    tiny.learn("a", "2022-04-10")
    tiny.seat("a", "accepted", "2022-04-12")
    assert tiny.rows("kpi.engagement", "holders, active", "slice_by = 'all' and day = '2022-04-12'") == [(1, 0)]


def test_seats_of_unmatched_names_count_and_the_identity_holds(tiny: Tiny) -> None:
    tiny.add("core.seat_capacities", pool="p", valid_from=date(2022, 3, 1), capacity=2)
    tiny.seat("a", "accepted", "2022-03-05")
    tiny.seat("stranger", "accepted", "2022-03-06", known=False)
    tiny.seat("a", "returned", "2022-04-07")
    tiny.seat("b", "invited", "2022-04-08")
    columns = "month, capacity, held_start, accepted, reclaimed, returned, held_end, peak_held, invited_open, idle"
    assert tiny.rows("kpi.seats", columns) == [
        (date(2022, 3, 1), 2, 0, 2, 0, 0, 2, 2, 0, 0),
        (date(2022, 4, 1), 2, 2, 0, 0, 1, 1, 2, 1, 0),
    ]


@pytest.mark.fault("I3")
def test_999_xp_loses_the_seat_1000_keeps_it(tiny: Tiny) -> None:
    tiny.add("core.review_rules", position=0, rule="xp", valid_from=date(2022, 4, 1), minimum_xp=1000,
             minimum_active_days=1, first_month="exempt")  # fmt: skip
    tiny.cover(date(2022, 3, 1), date(2022, 3, 31))
    for member, xp in [("a", 999), ("b", 1000), ("c", 1001)]:
        tiny.seat(member, "accepted", "2022-02-01")
        tiny.learn(member, "2022-03-10", xp)
    found = tiny.rows("ops.seat_reviews", "review_month, member_id, xp, decision, reason")
    april = date(2022, 4, 1)
    assert found == [
        (april, "a", 999.0, "reclaim", "xp"), (april, "b", 1000.0, "keep", "met"), (april, "c", 1001.0, "keep", "met"),
    ]  # fmt: skip


def test_no_review_while_a_day_is_missing(tiny: Tiny) -> None:
    tiny.add("core.review_rules", position=0, rule="any", valid_from=date(2022, 4, 1), minimum_active_days=1,
             first_month="full")  # fmt: skip
    tiny.cover(date(2022, 3, 1), date(2022, 3, 30))
    tiny.seat("a", "accepted", "2022-02-01")
    assert tiny.rows("ops.seat_reviews", "*") == []
    assert tiny.rows("ops.uncovered_days", "day", "review_month = '2022-04-01'") == [(date(2022, 3, 31),)]


def test_without_a_rule_no_review_is_due(tiny: Tiny) -> None:
    tiny.seat("a", "accepted", "2022-02-01")
    assert tiny.rows("ops.uncovered_days", "*") == []


def test_a_prorated_first_month_asks_for_the_share_of_days_rounded_up(tiny: Tiny) -> None:
    tiny.add("core.review_rules", position=0, rule="xp", valid_from=date(2022, 4, 1), minimum_xp=1000,
             minimum_active_days=1, first_month="prorated")  # fmt: skip
    tiny.cover(date(2022, 3, 1), date(2022, 3, 31))
    for member, xp in [("a", 354), ("b", 355)]:
        tiny.seat(member, "accepted", "2022-03-21")  # 11 of 31 days: 354.8…, so 355
        tiny.learn(member, "2022-03-25", xp)
    found = tiny.rows("ops.seat_reviews", "member_id, minimum_xp, decision")
    assert found == [("a", 355.0, "reclaim"), ("b", 355.0, "keep")]


def test_the_rotation_budget_takes_the_worst_and_defers_the_rest(tiny: Tiny) -> None:
    tiny.given["core.parameters"][0]["rotation_share"] = 0.5
    tiny.add("core.rotation_terms", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31))
    tiny.add("core.seat_capacities", pool="p", valid_from=date(2022, 1, 1), capacity=4)
    tiny.add("core.review_rules", position=0, rule="xp", valid_from=date(2022, 4, 1), minimum_xp=1000,
             minimum_active_days=1, first_month="full")  # fmt: skip
    tiny.cover(date(2022, 3, 1), date(2022, 3, 31))
    tiny.seat("gone", "accepted", "2022-01-05")
    tiny.seat("gone", "reclaimed", "2022-03-15")  # one of the two that the budget allows
    for member, xp in [("a", 10), ("b", 20)]:
        tiny.seat(member, "accepted", "2022-02-01")
        tiny.learn(member, "2022-03-10", xp)
    found = tiny.rows("ops.seat_reviews", "member_id, decision, reason")
    assert found == [("a", "reclaim", "xp"), ("b", "deferred", "rotation_budget")]


def test_retention_counts_calendar_months_that_have_ended(tiny: Tiny) -> None:
    tiny.seat("a", "accepted", "2022-02-20")
    tiny.seat("b", "accepted", "2022-02-21")
    tiny.learn("a", "2022-02-01")  # before the acceptance, in month 0
    tiny.learn("b", "2022-04-01")
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 4, 29)
    found = tiny.rows("kpi.retention", "months_since, started, active, retention_rate", "slice_by = 'all'")
    assert found == [(0, 2, 1, 0.5), (1, 2, 0, 0.0)]


def test_the_wilson_interval_of_28_of_33(tiny: Tiny) -> None:
    tiny.add("core.survey_questions", survey="s", question="q", kind="single")
    for number in range(33):
        tiny.add("staging.survey_responses", survey="s", response=f"r{number}", question="q",
                 submitted_at=datetime(2022, 4, 1), answer="yes" if number < 28 else "no")  # fmt: skip
    found = tiny.rows("kpi.survey", "answered, chosen, share, ci_low, ci_high", "slice_by = 'all' and option = 'yes'")
    assert [tuple(round(value, 4) for value in row) for row in found] == [(33, 28, 0.8485, 0.6908, 0.9335)]


def test_the_scorecard_compares_with_the_same_day_of_the_month_before(tiny: Tiny) -> None:
    tiny.add("core.kpi_labels", kpi="adoption_rate", label="Adoption", position=1)
    tiny.add("core.targets", kpi="adoption_rate", target=0.5)
    for member in "ab":
        tiny.seat(member, "invited", "2022-03-01")
    tiny.seat("a", "accepted", "2022-03-31T00:00")  # 31 March in Seoul, after 30 March
    columns = "label, numerator, denominator, value, status, previous, delta"
    found = tiny.rows("kpi.scorecard", columns, "kpi = 'adoption_rate' and slice_by = 'all'")
    assert found == [("Adoption", 1, 2, 0.5, "met", 0.0, 0.5)]


def test_a_snapshot_that_differs_from_the_one_before_is_an_event(tiny: Tiny) -> None:
    for status, exported in [("invited", "2022-03-01"), ("active", "2022-03-10"), ("removed", "2022-04-10")]:
        tiny.add("staging.seat_snapshots", member="a", member_id="a", status=status, pool="p",
                 exported_at=datetime.fromisoformat(exported), _file_id="f", _row=1)  # fmt: skip
    assert tiny.rows("core.seats", "held_from, held_before, ended_by") == [
        (date(2022, 3, 10), date(2022, 4, 10), "reclaimed")
    ]


def test_a_snapshot_after_as_of_tells_of_what_it_dates_by_then(tiny: Tiny) -> None:
    states = [
        ("a", "active", datetime(2022, 3, 1), datetime(2022, 3, 5)),
        ("b", "removed", datetime(2022, 3, 1), datetime(2022, 3, 6)),
        ("c", "active", datetime(2022, 3, 1), datetime(2022, 5, 2)),
        ("d", "active", None, None),
    ]
    for member, status, invited_at, accepted_at in states:
        tiny.add("staging.seat_snapshots", member=member, member_id=member, status=status, pool="p",
                 exported_at=datetime(2022, 5, 3), invited_at=invited_at, accepted_at=accepted_at, _file_id="f",
                 _row=1)  # fmt: skip
    tiny.given["core.parameters"][0]["as_of"] = date(2022, 4, 30)
    assert tiny.rows("core.seats", "member_id, held_from, held_before") == [
        ("a", date(2022, 3, 5), None),
        ("b", date(2022, 3, 6), None),
    ]
    assert tiny.rows("core.invitations", "member_id, status") == [("a", "accepted"), ("b", "accepted"), ("c", "open")]


@pytest.mark.fault("D8")
def test_whom_exports_of_totals_leave_out_is_unknown_and_loses_no_seat(tiny: Tiny) -> None:
    tiny.add("core.review_rules", position=0, rule="any", valid_from=date(2022, 4, 1), minimum_active_days=1,
             first_month="full")  # fmt: skip
    tiny.add("core.what_if_minimums", minimum_xp=0)
    for number in range(31):
        tiny.add("core.coverage", day=date(2022, 3, 1) + timedelta(number), is_cumulative=number > 9)
    spans = {
        "idle": (date(2022, 3, 1), date(2022, 4, 1)),
        "vanished": (date(2022, 2, 1), date(2022, 3, 31)),
        "new": (date(2022, 3, 2), date(2022, 4, 1)),
    }
    for member, (first, last) in spans.items():
        tiny.add("raw.totals", entry=0, member=member, member_id=member, course="R", first_on=first, last_on=last)
    for member in (*spans, "absent", "active"):
        tiny.seat(member, "accepted", "2022-02-01")
    tiny.learn("active", "2022-03-10")
    assert tiny.rows("ops.seat_reviews", "member_id, decision, reason") == [
        ("absent", "deferred", "unknown"),
        ("active", "keep", "met"),
        ("idle", "reclaim", "active_days"),
        ("new", "deferred", "unknown"),
        ("vanished", "deferred", "unknown"),
    ]
    assert tiny.rows("kpi.what_if", "reclaimed") == [(1,)]


@pytest.mark.fault("D8")
def test_whom_events_of_a_covered_month_leave_out_did_nothing(tiny: Tiny) -> None:
    tiny.add("core.review_rules", position=0, rule="any", valid_from=date(2022, 4, 1), minimum_active_days=1,
             first_month="full")  # fmt: skip
    tiny.cover(date(2022, 3, 1), date(2022, 3, 31))
    tiny.seat("absent", "accepted", "2022-02-01")
    assert tiny.rows("ops.seat_reviews", "member_id, decision") == [("absent", "reclaim")]


@pytest.mark.fault("D10")
def test_of_two_responses_of_a_person_the_last_counts(tiny: Tiny) -> None:
    for response, at, answer in (("r1", datetime(2022, 4, 1), "no"), ("r2", datetime(2022, 4, 2), "yes")):
        tiny.add("staging.survey_responses", survey="s", response=response, submitted_at=at, question="helped",
                 answer=answer, member="a", member_id="a")  # fmt: skip
    assert tiny.rows("core.survey_answers", "respondent, answer") == [("a", "yes")]


@pytest.mark.fault("D12")
def test_months_before_a_team_was_renamed_keep_its_old_name(tiny: Tiny) -> None:
    for group, joined_on in (("Alpha", date(2022, 1, 1)), ("Omega", date(2022, 3, 1))):
        tiny.add("staging.roster", member="a", member_id="a", cohort="c", study_group=group, joined_on=joined_on)
    for day in ("2022-02-10", "2022-03-10"):
        tiny.learn("a", day)
    assert tiny.rows("kpi.activity", "month, slice", "slice_by = 'study_group'") == [
        (date(2022, 2, 1), "Alpha"),
        (date(2022, 3, 1), "Omega"),
    ]


def test_members_gone_from_exports_of_totals_are_listed(tiny: Tiny) -> None:
    seen = {"entry": 0, "course": "R", "first_on": date(2022, 2, 1), "last_on": date(2022, 3, 1)}
    tiny.add("raw.totals", **seen, member="kim", member_id="a", missing_on=date(2022, 4, 1))
    tiny.add("raw.totals", **seen, member="lee", member_id="b")
    assert tiny.rows("ops.vanished", "member, member_id, missing_on") == [("kim", "a", date(2022, 4, 1))]


def test_a_window_that_a_stay_cuts_goes_on_in_the_next_until_it_is_over(tiny: Tiny) -> None:
    for event, day in [("accepted", "2022-03-01"), ("returned", "2022-03-10"), ("accepted", "2022-03-20")]:
        tiny.seat("a", event, day)
    tiny.learn("a", "2022-03-09")  # active to 7 April; within 7 days to 15 March
    days = "('2022-03-09', '2022-03-10', '2022-03-20', '2022-04-07', '2022-04-08')"
    found = tiny.rows("kpi.engagement", "day, holders, active, active_7d", "slice_by = 'all' and day in " + days)
    assert found == [
        (date(2022, 3, 9), 1, 1, 1),
        (date(2022, 3, 10), 0, 0, 0),
        (date(2022, 3, 20), 1, 1, 0),
        (date(2022, 4, 7), 1, 1, 0),
        (date(2022, 4, 8), 1, 0, 0),
    ]


def test_a_window_that_goes_on_is_counted_once_with_the_next_day_of_learning(tiny: Tiny) -> None:
    for event, day in [("accepted", "2022-03-01"), ("returned", "2022-03-10"), ("accepted", "2022-03-20")]:
        tiny.seat("a", event, day)
    tiny.learn("a", "2022-03-09")
    tiny.learn("a", "2022-03-25")  # active to 23 April
    days = "('2022-03-24', '2022-03-25', '2022-04-08', '2022-04-23', '2022-04-24')"
    found = tiny.rows("kpi.engagement", "active, active_7d, active_1d", "slice_by = 'all' and day in " + days)
    assert found == [(0, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0), (1, 1, 1)]


def test_who_changes_groups_takes_the_window_along(tiny: Tiny) -> None:
    tiny.add("staging.roster", member="a", member_id="a", study_group="g1", left_on="2022-04-01")
    tiny.add("staging.roster", member="a", member_id="a", study_group="g2", joined_on="2022-04-01")
    tiny.seat("a", "accepted", "2022-03-01")
    tiny.learn("a", "2022-03-30")
    where = "slice_by = 'study_group' and day in ('2022-03-31', '2022-04-01', '2022-04-28')"
    found = tiny.rows("kpi.engagement", "day, slice, holders, active, active_7d", where)
    assert found == [
        (date(2022, 3, 31), "g1", 1, 1, 1),
        (date(2022, 4, 1), "g2", 1, 1, 1),
        (date(2022, 4, 28), "g2", 1, 1, 0),
    ]


def test_two_seats_of_the_same_days_are_one_holder_among_however_many(tiny: Tiny) -> None:
    for number in range(300):
        for pool in "pq":
            tiny.seat(f"m{number}", "accepted", "2022-04-11", pool=pool)
    assert tiny.rows("kpi.engagement", "holders", "day = '2022-04-30' and slice_by = 'all'") == [(300,)]
