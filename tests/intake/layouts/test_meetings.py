from __future__ import annotations

from datetime import datetime

from fellowship_pipeline.intake.layouts.meetings import Stay, in_minutes, minutes


def stay(who: str, joined: int, left: int | None) -> Stay:
    """From one minute past noon to another."""
    return Stay(who, datetime(2026, 1, 1, 12, joined), None if left is None else datetime(2026, 1, 1, 12, left))


def test_overlaps_count_once_and_gaps_not_at_all() -> None:
    stays = [stay("a", 20, 30), stay("b", 0, 5), stay("a", 0, 10), stay("a", 5, 15), stay("a", 6, 7), stay("a", 10, 20)]
    assert minutes(stays) == ["30", "5", "30", "30", "30", "30"]


def test_gaps_do_not_count() -> None:
    assert minutes([stay("a", 0, 10), stay("a", 20, 25)]) == ["15", "15"]


def test_minutes_are_unknown_where_one_stay_has_no_end() -> None:
    assert minutes([stay("a", 0, 10), stay("a", 20, None), None, stay("b", 0, 1)]) == ["", "", None, "1"]


def test_seconds_in_plain_decimals() -> None:
    assert [in_minutes(seconds) for seconds in (90, 1, 0)] == ["1.5", "0.0166666667", "0"]
