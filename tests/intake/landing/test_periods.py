from __future__ import annotations

from datetime import date

import pytest

from fellowship_pipeline.intake.landing.periods import months_before


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 36, date(2023, 1, 15)),
        (date(2026, 1, 15), 999_999, date(1, 1, 1)),
    ],
)
def test_months_before_a_day(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
