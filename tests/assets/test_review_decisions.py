"""Issued reviews beside today's recomputation and beside the seats, on 30 April 2022; the review is that of April."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from .tiny import Tiny

MARCH_1, MARCH_31, APRIL, APRIL_2 = date(2022, 3, 1), date(2022, 3, 31), date(2022, 4, 1), date(2022, 4, 2)
NOON = datetime(2022, 4, 1, 12)
SHOWN = "kind, difference, member_id, issued, found, issued_xp, found_xp"


@pytest.fixture
def fellowship(tiny: Tiny) -> Tiny:
    """1,000 XP in March; a, b and c have held a seat since January: 1,001, 1,000 and 999 XP."""
    tiny.add("core.review_rules", position=0, rule="xp", valid_from=APRIL, minimum_xp=1000, minimum_active_days=1,
             first_month="exempt")  # fmt: skip
    tiny.cover(MARCH_1, MARCH_31)
    for member, xp in {"a": 1001, "b": 1000, "c": 999}.items():
        tiny.seat(member, "accepted", "2022-01-10")
        tiny.learn(member, "2022-03-05", xp)
    return tiny


def issue(tiny: Tiny, member: str | None, xp: float, decision: str, **other: Any) -> None:
    reason = "xp" if decision == "reclaim" else "met"
    said = {"proposed": decision, "decision": decision, "reason": reason, "xp": xp, "active_days": 1} | other
    tiny.add(
        "core.issued_decisions", decision_id=f"d-{member}", review_month=APRIL, pool="p", member_id=member, rule="xp",
        minimum_xp=1000, minimum_active_days=1, seat_since=date(2022, 1, 10), last_activity=date(2022, 3, 5), files="f",
        issued_at=NOON, **said,
    )  # fmt: skip


def issue_all(tiny: Tiny) -> None:
    issue(tiny, "a", 1001, "keep")
    issue(tiny, "b", 1000, "keep")
    issue(tiny, "c", 999, "reclaim")


def test_1000_xp_keep_the_seat_and_what_is_issued_so_differs_in_nothing(fellowship: Tiny) -> None:
    issue_all(fellowship)
    assert fellowship.rows("ops.seat_reviews", "member_id, xp, decision", f"review_month = '{APRIL}'") == [
        ("a", 1001.0, "keep"),
        ("b", 1000.0, "keep"),
        ("c", 999.0, "reclaim"),
    ]
    assert fellowship.rows("ops.review_differences", SHOWN) == []


def test_without_anything_issued_there_is_nothing_to_compare(fellowship: Tiny) -> None:
    assert fellowship.rows("ops.review_decisions", "*") == []
    assert fellowship.rows("ops.review_differences", "*") == []


def test_late_data_change_the_recomputation_and_not_what_was_issued(fellowship: Tiny) -> None:
    issue_all(fellowship)
    fellowship.learn("c", "2022-03-06", 1)
    fellowship.learn("a", "2022-03-06", 9)
    fellowship.seat("late", "accepted", "2022-02-01")
    assert fellowship.rows("ops.review_differences", SHOWN) == [
        ("recomputed", "decision", "c", "reclaim", "keep", 999.0, 1000.0),
        ("recomputed", "evidence", "a", "keep", "keep", 1001.0, 1010.0),
        ("recomputed", "new", "late", None, "reclaim", None, 0.0),
    ]
    assert fellowship.rows("ops.review_decisions", "member_id, decision, xp", "member_id = 'c'") == [
        ("c", "reclaim", 999.0)
    ]


def test_a_seat_that_is_reviewed_no_longer_and_a_month_that_is_covered_no_longer(fellowship: Tiny) -> None:
    issue_all(fellowship)
    fellowship.given["staging.seat_events"].pop(0)
    assert fellowship.rows("ops.review_differences", SHOWN) == [
        ("recomputed", "not_reviewed", "a", "keep", None, 1001.0, None)
    ]
    fellowship.given["core.coverage"].pop()
    assert [row[1:3] for row in fellowship.rows("ops.review_differences", SHOWN)] == [
        ("not_covered", "a"),
        ("not_covered", "b"),
        ("not_covered", "c"),
    ]


def test_a_leave_entered_afterwards_is_another_reason(fellowship: Tiny) -> None:
    issue_all(fellowship)
    fellowship.add("core.leaves", member="c", starts_on=MARCH_31)
    fellowship.given["core.parameters"][0]["has_names"] = False
    assert fellowship.rows("ops.review_differences", "member_id, issued_reason, found, found_reason") == [
        ("c", "xp", "exempt", "leave")
    ]


def test_an_exception_is_no_difference_from_the_recomputation(fellowship: Tiny) -> None:
    issue(fellowship, "a", 1001, "keep")
    issue(fellowship, "b", 1000, "keep")
    issue(fellowship, "c", 999, "exempt", proposed="reclaim", reason="xp", exception="parental leave")
    assert fellowship.rows("ops.review_differences", SHOWN) == []


NOT_TAKEN_BACK = [("done", "not_reclaimed", "c", "reclaim", "held", None, None)]


def made(tiny: Tiny, at: datetime, came: datetime | None = None, pool: str = "p") -> None:
    """An export of a pool's seats that was made then and came a day later, or when it is said."""
    file = {"file_id": f"s-{at}-{pool}", "source": "seat_events", "status": "loaded", "exported_at": at}
    tiny.add("raw.files", **file, first_seen=came or at + timedelta(1))
    tiny.seat("somebody", "invited", str(at), pool)
    tiny.given["staging.seat_events"][-1]["_file_id"] = file["file_id"]


def test_a_seat_still_held_in_the_next_seat_export_was_not_taken_back(fellowship: Tiny) -> None:
    issue_all(fellowship)
    made(fellowship, datetime(2022, 4, 1, 11))
    assert fellowship.rows("ops.review_differences", SHOWN) == []
    made(fellowship, datetime(2022, 4, 8))
    assert fellowship.rows("ops.review_differences", SHOWN) == NOT_TAKEN_BACK
    fellowship.seat("c", "reclaimed", "2022-05-02")  # after as_of
    assert fellowship.rows("ops.review_differences", SHOWN) == []


def test_an_old_export_that_comes_late_knows_nothing_of_what_was_done(fellowship: Tiny) -> None:
    issue_all(fellowship)
    made(fellowship, datetime(2022, 3, 31), came=datetime(2022, 4, 20))
    assert fellowship.rows("ops.review_differences", SHOWN) == []
    made(fellowship, datetime(2022, 4, 2), came=datetime(2022, 4, 20))
    assert fellowship.rows("ops.review_differences", SHOWN) == NOT_TAKEN_BACK


def test_an_export_of_another_pool_knows_nothing_of_it(fellowship: Tiny) -> None:
    issue_all(fellowship)
    made(fellowship, datetime(2022, 4, 8), pool="other")
    assert fellowship.rows("ops.review_differences", SHOWN) == []


def test_an_export_that_tells_of_what_is_planned_was_made_before_it_came(fellowship: Tiny) -> None:
    issue_all(fellowship)
    made(fellowship, datetime(2022, 4, 8), came=datetime(2022, 3, 31))
    assert fellowship.rows("ops.review_differences", SHOWN) == []


def test_of_several_decisions_on_a_seat_the_one_that_stands_is_compared(fellowship: Tiny) -> None:
    issue_all(fellowship)
    undone = {"undo_id": "u", "decision_id": "d-c", "reason": "a late file", "undone_at": datetime(2022, 4, 1, 13)}
    fellowship.add("core.undone_decisions", **undone)
    again = {"decision_id": "d-c2", "issued_at": datetime(2022, 4, 1, 14)}
    fellowship.add("core.issued_decisions", **fellowship.given["core.issued_decisions"][2] | again)
    fellowship.seat("c", "reclaimed", "2022-04-02")
    assert fellowship.rows("ops.review_differences", SHOWN) == []
    fellowship.learn("c", "2022-03-06", 1)
    differences = fellowship.rows("ops.review_differences", "kind, difference, decision_id")
    assert differences == [("recomputed", "decision", "d-c2")]
    fellowship.add("core.undone_decisions", **undone | {"undo_id": "u2", "decision_id": "d-c2"})
    differences = fellowship.rows("ops.review_differences", "kind, difference, decision_id")
    assert differences == [("done", "reclaimed", "d-c2")]


def test_a_seat_that_a_snapshot_shows_removed_was_taken_back(fellowship: Tiny) -> None:
    issue_all(fellowship)
    made(fellowship, datetime(2022, 4, 8))
    removed = {"member": "c", "member_id": "c", "pool": "p", "status": "removed", "_file_id": "f", "_row": 1}
    fellowship.add("staging.seat_snapshots", exported_at=datetime(2022, 5, 3), **removed)
    assert fellowship.rows("ops.review_differences", SHOWN) == []


def test_a_seat_taken_back_that_was_kept_or_of_which_the_decision_was_undone(fellowship: Tiny) -> None:
    issue_all(fellowship)
    fellowship.add("core.undone_decisions", undo_id="u", decision_id="d-c", reason="he was ill", undone_by="kim",
                   undone_at=datetime(2022, 4, 1, 13))  # fmt: skip
    assert fellowship.rows("ops.review_decisions", "member_id, undo_id, undone_because", "undo_id is not null") == [
        ("c", "u", "he was ill")
    ]
    made(fellowship, datetime(2022, 4, 8))
    assert fellowship.rows("ops.review_differences", SHOWN) == []
    for member in "bc":
        fellowship.seat(member, "reclaimed", "2022-04-02")
    fellowship.seat("a", "returned", "2022-04-02")
    assert fellowship.rows("ops.review_differences", SHOWN + ", found_on") == [
        ("done", "reclaimed", "b", "keep", "reclaimed", None, None, APRIL_2),
        ("done", "reclaimed", "c", "reclaim", "reclaimed", None, None, APRIL_2),
    ]


def test_who_was_erased_since_is_in_no_difference(fellowship: Tiny) -> None:
    issue_all(fellowship)
    fellowship.given["core.issued_decisions"][2] |= dict.fromkeys(("member_id", "seat_since", "xp", "last_activity"))
    for table in ("staging.seat_events", "staging.activity"):
        fellowship.given[table] = [row for row in fellowship.given[table] if row["member"] != "c"]
    made(fellowship, datetime(2022, 4, 8))
    assert fellowship.rows("ops.review_differences", SHOWN) == []


def test_a_review_of_a_month_to_come_is_compared_with_nothing(fellowship: Tiny) -> None:
    issue_all(fellowship)
    fellowship.given["core.parameters"][0]["as_of"] = date(2022, 3, 30)
    assert fellowship.rows("ops.review_differences", SHOWN) == []
