"""ops.open_invitations: who has not answered, under which name, for how long. as_of is 30 April 2022."""

from __future__ import annotations

from datetime import date, datetime

from .tiny import Tiny

COLUMNS = "pool, value, member_id, invited_on, days_open, times_sent, last_sent_on"
APRIL_20, APRIL_25 = date(2022, 4, 20), date(2022, 4, 25)


def test_the_open_ones_are_listed_strangers_included(tiny: Tiny) -> None:
    tiny.seat("a", "invited", "2022-04-20")
    tiny.seat("stranger", "invited", "2022-04-19T15:00", known=False)  # 20 April in Seoul
    tiny.seat("accepted", "invited", "2022-04-20")
    tiny.seat("accepted", "accepted", "2022-04-21")
    for answer in ("declined", "withdrawn", "expired"):
        tiny.seat(answer, "invited", "2022-04-20")
        tiny.seat(answer, answer, "2022-04-22")
    tiny.seat("later", "invited", "2022-05-01")
    assert tiny.rows("ops.open_invitations", COLUMNS) == [
        ("p", "a", "a", APRIL_20, 10, 1, APRIL_20),
        ("p", "stranger", None, APRIL_20, 10, 1, APRIL_20),
    ]


def test_it_is_open_since_the_first_sending_and_named_as_in_the_last(tiny: Tiny) -> None:
    for name, event, at in [
        ("old@example.org", "invited", "2022-04-20"),
        ("old@example.org", "expired", "2022-04-22"),
        ("new@example.org", "invited", "2022-04-25"),
    ]:
        tiny.seat(name, event, at)
        tiny.given["staging.seat_events"][-1]["member_id"] = "a"
    assert tiny.rows("ops.open_invitations", COLUMNS) == [("p", "new@example.org", "a", APRIL_20, 10, 2, APRIL_25)]


def test_a_sending_that_two_exports_report_is_one(tiny: Tiny) -> None:
    tiny.seat("a", "invited", "2022-04-20")
    tiny.add("staging.seat_snapshots", member="a", member_id="a", status="invited", pool="p", _file_id="g", _row=1,
             exported_at=datetime(2022, 4, 28), invited_at=datetime(2022, 4, 20))  # fmt: skip
    assert tiny.rows("ops.open_invitations", COLUMNS) == [("p", "a", "a", APRIL_20, 10, 1, APRIL_20)]


def test_each_pool_has_its_own(tiny: Tiny) -> None:
    tiny.seat("a", "invited", "2022-04-20")
    tiny.seat("a", "invited", "2022-04-25", pool="q")
    assert tiny.rows("ops.open_invitations", "pool, days_open") == [("p", 10), ("q", 5)]
