"""Lengths of time in minutes, and texts that are none or could be two."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from fellowship_pipeline.intake.readers.cells import text_of
from fellowship_pipeline.intake.readers.durations import TwoParts, is_unclear, minutes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:30:00", "90"),
        ("0:45:30", "45.5"),
        ("12:00:00", "720"),
        ("26:00:30", "1560.5"),
        ("1 hr 5 min", "65"),
        ("22 min", "22"),
        ("45 sec", "0.75"),
        ("63 mins", "63"),
        ("1h 2m 3s", "62.05"),
        ("1h2m", "62"),
        ("1.5 hours", "90"),
        ("2 Hours and 10 Minutes", "130"),
        ("1 hour, 5 minutes", "65"),
        ("1시간 5분", "65"),
        ("3분 30초", "3.5"),
        ("1 day 1 hour", "1500"),
        ("PT1H5M", "65"),
        ("PT30S", "0.5"),
        ("P1DT2H", "1560"),
        ("1：30：00", "90"),
    ],
)
def test_what_can_mean_one_thing_only_is_read(text: str, expected: str) -> None:
    assert minutes(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    ["", "63", "1.5", "-1:30:00", "1:75:00", "1:30:99", "5 min 1 hr", "5 min 5 min", "5 apples", "min", "P", "P1M",
     "PT", "1 hr five min", "1:30 PM", "2025-03-10", "10:00-11:00"],
)  # fmt: skip
def test_what_is_no_length_of_time_is_not_read(text: str) -> None:
    assert minutes(text) is None


@pytest.mark.parametrize(("clock", "expected"), [(None, None), ("h:mm", Decimal(2730)), ("m:ss", Decimal("45.5"))])
def test_two_parts_are_what_is_declared(clock: TwoParts | None, expected: Decimal | None) -> None:
    assert minutes("45:30", clock) == expected
    assert is_unclear(" 45:30 ")
    assert not is_unclear("0:45:30")


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (dt.timedelta(minutes=65), "1:05:00"),
        (dt.timedelta(hours=26, seconds=5), "26:00:05"),
        (dt.timedelta(seconds=1.5), "0:00:01.5"),
        (dt.timedelta(minutes=-1), "-1:59:00"),
    ],
)
def test_a_length_in_a_workbook_is_written_in_hours(length: dt.timedelta, text: str) -> None:
    assert text_of(length) == text


@pytest.mark.parametrize("text", ["PT1.2.3H", "PT1..5M", "P.D", "9" * 30 + " min", "36601 days", "9" * 30 + ":00:00"])
def test_damage_is_no_length_of_time(text: str) -> None:
    """A hundred years are 36600 days here."""
    assert minutes(text) is None


def test_a_hundred_years_are_one() -> None:
    assert minutes("36600 days") == 36_600 * 1_440
