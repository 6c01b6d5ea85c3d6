from __future__ import annotations

from datetime import datetime

import pytest

from fellowship_pipeline.intake.layouts.meetings import Clock, Stay, attendance, in_minutes


def stay(who: str, joined: int, left: int | None) -> Stay:
    """From one minute past noon to another."""
    return Stay(who, datetime(2026, 1, 1, 12, joined), None if left is None else datetime(2026, 1, 1, 12, left))


def minutes(*stays: Stay | None) -> list[str | None]:
    return attendance(stays)["minutes"]


def test_overlaps_count_once_and_gaps_not_at_all() -> None:
    stays = [stay("a", 20, 30), stay("b", 0, 5), stay("a", 0, 10), stay("a", 5, 15), stay("a", 6, 7), stay("a", 10, 20)]
    assert minutes(*stays) == ["30", "5", "30", "30", "30", "30"]


def test_gaps_do_not_count() -> None:
    assert minutes(stay("a", 0, 10), stay("a", 20, 25)) == ["15", "15"]


def test_minutes_are_unknown_where_one_stay_has_no_end() -> None:
    assert minutes(stay("a", 0, 10), stay("a", 20, None), None, stay("b", 0, 1)) == ["", "", None, "1"]


def test_times_are_kept_each_where_there_are_several() -> None:
    found = attendance([stay("a", 20, 30), stay("b", 0, 5), stay("a", 0, 10)])
    assert found["joined_at"] == ["2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z"]
    assert found["left_at"] == ["2026-01-01T12:30:00Z", "2026-01-01T12:05:00Z", "2026-01-01T12:30:00Z"]
    both = "2026-01-01T12:00:00Z/2026-01-01T12:10:00Z|2026-01-01T12:20:00Z/2026-01-01T12:30:00Z"
    assert found["stays"] == [both, "", both]


def test_when_the_last_left_is_unknown_where_one_stay_has_no_end() -> None:
    found = attendance([stay("a", 0, 10), stay("a", 5, None)])
    assert found["left_at"] == ["", ""]
    assert found["stays"][0] == "2026-01-01T12:00:00Z/2026-01-01T12:10:00Z|2026-01-01T12:05:00Z/"


@pytest.mark.fault("I2")
@pytest.mark.parametrize(
    ("pattern", "moment"),
    [("%d/%m/%Y %H:%M", datetime(2026, 3, 29, 0, 30)), ("%d/%m/%Y %H:%M %z", None)],
)
def test_times_without_a_zone_are_of_the_entry_s(pattern: str, moment: datetime | None) -> None:
    clock = Clock(pattern, "Europe/Brussels")
    assert clock.moment("29/03/2026 01:30") == moment
    assert Clock("%d/%m/%Y %H:%M %z", "Europe/Brussels").moment("29/03/2026 01:30 +0900") == datetime(
        2026, 3, 28, 16, 30
    )


def test_seconds_in_plain_decimals() -> None:
    assert [in_minutes(seconds) for seconds in (90, 1, 0)] == ["1.5", "0.0166666667", "0"]
