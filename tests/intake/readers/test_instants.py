from __future__ import annotations

from datetime import date, datetime

import pytest

from fellowship_pipeline.intake.readers.instants import common_pattern, form, instant, midnight, spelled
from fellowship_pipeline.intake.readers.records import Quarantined


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020/03/20 11:58:49 오후 GMT+9", "2020-03-20T23:58:49+09:00"),
        ("2020/03/20 11:58:49 PM GMT+9", "2020-03-20T23:58:49+09:00"),
        ("2020/03/20 12:00:01 오전 GMT+9", "2020-03-20T00:00:01+09:00"),
        ("2020/03/20 12:00:01 오후 GMT+9", "2020-03-20T12:00:01+09:00"),
        ("2020/03/20 1:02:03 AM GMT-3:30", "2020-03-20T01:02:03-03:30"),
        ("2020/03/20 1:02:03 AM GMT", "2020-03-20T01:02:03+00:00"),
        ("2026. 9. 21 오후 2:34:56", "2026-09-21T14:34:56"),
        ("2025. 12. 10 오후 9:42", "2025-12-10T21:42:00"),
        ("2025. 12. 10 오전 12:42", "2025-12-10T00:42:00"),
        ("2025. 9. 17. 오후 6:52:14", "2025-09-17T18:52:14"),
        ("2025-12-10T21:42:07", "2025-12-10T21:42:07"),
        (" 2025-12-10 21:42 ", "2025-12-10 21:42"),
        ("2020/03/20 13:58:49 오후 GMT+9", None),
        ("2020/03/20 0:58:49 오전 GMT+9", None),
        ("2020/02/30 11:58:49 오후 GMT+9", None),
        ("03/04/2024 10:00:00", None),
        ("24/3/5 오후 3:04:05", None),
        ("오후 3:04:05", None),
        ("", None),
    ],
)
def test_forms_by_explicit_formats_only(text: str, expected: str | None) -> None:
    assert form(text) == expected


@pytest.mark.fault("I2")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-01-01", datetime(2021, 12, 31, 15)),
        ("2022-01-01T09:30", datetime(2022, 1, 1, 0, 30)),
        ("2022-01-01 09:30:15.5", datetime(2022, 1, 1, 0, 30, 15, 500000)),
        ("2022-01-01T09:30Z", datetime(2022, 1, 1, 9, 30)),
        ("2022-01-01T09:30-05:00", datetime(2022, 1, 1, 14, 30)),
        ("2022-13-01", None),
        ("2022-1-1", None),
        ("2022-01-01T09:30+99:00", None),
        ("0001-01-01", None),
        ("9999-12-31T23:00-07:00", None),
    ],
)
def test_canonical_text_as_an_instant(text: str, expected: datetime | None) -> None:
    assert instant(text, "Asia/Seoul") == expected


@pytest.mark.fault("I1")
def test_midnight() -> None:
    assert midnight(date(2022, 1, 1), "Asia/Seoul") == datetime(2021, 12, 31, 15)


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("08/01/2023 08:58:30\u202fPM", "%m/%d/%Y %I:%M:%S %p", "2023-08-01T20:58:30"),
        ("2023/08/01 오후 12:00:00", "%Y/%m/%d %p %I:%M:%S", "2023-08-01T12:00:00"),
        ("2023/08/01 오전 12:00:00", "%Y/%m/%d %p %I:%M:%S", "2023-08-01T00:00:00"),
        ("31.10.2023", "%d.%m.%Y", "2023-10-31"),
        ("20250119", "%Y%m%d", "2025-01-19"),
        ("2025119", "%Y%m%d", None),
        ("20250119 0905", "%Y%m%d %H%M", "2025-01-19T09:05:00"),
        ("20250119 905", "%Y%m%d %H%M", None),
        ("2025-03-31T20:00:00Z", "%Y-%m-%dT%H:%M:%S%z", "2025-03-31T20:00:00+00:00"),
        ("2025-03-31 20:00 UTC", "%Y-%m-%d %H:%M %z", "2025-03-31T20:00:00+00:00"),
        ("2025-03-31 20:00 GMT", "%Y-%m-%d %H:%M %z", "2025-03-31T20:00:00+00:00"),
        ("2025-03-31 20:00 GMT+0900", "%Y-%m-%d %H:%M GMT%z", "2025-03-31T20:00:00+09:00"),
        ("2020/03/20 11:58:49 PM GMT+9", "%Y/%m/%d %I:%M:%S %p GMT+9", "2020-03-20T23:58:49+09:00"),
        ("31.10.2023 1", "%d.%m.%Y", None),
        ("30.02.2023", "%d.%m.%Y", None),
        ("", "%d.%m.%Y", None),
    ],
)
def test_what_a_declared_pattern_spells(text: str, pattern: str, expected: str | None) -> None:
    assert spelled(text, pattern) == expected


EITHER = ("%d/%m/%Y", "%m/%d/%Y")


@pytest.mark.fault("C8")
@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["03/04/2024", "13/04/2024", "x"], "%d/%m/%Y"),
        (["03/04/2024", "04/13/2024"], "%m/%d/%Y"),
        (["04/04/2024", ""], "%d/%m/%Y"),
        ([" "], "%d/%m/%Y"),
    ],
)
def test_the_order_of_day_and_month_is_decided_by_what_fits(texts: list[str], expected: str) -> None:
    assert common_pattern(texts, EITHER) == expected


@pytest.mark.fault("C8")
@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["03/04/2024"], "not certain"),
        (["13/04/2024", "04/13/2024"], "not certain"),
        (["2024-04-03"], "no known form"),
    ],
)
def test_days_and_months_are_not_guessed(texts: list[str], reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        common_pattern(texts, EITHER)
