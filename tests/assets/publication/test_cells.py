"""Cells of CSV: text is text, numbers are numbers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from assets.publication.cells import cell, write_frame


@pytest.mark.fault("H14")
@pytest.mark.parametrize(
    "payload",
    [
        "=1+1",
        '=HYPERLINK("https://example.org","x")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "=cmd|' /C calc'!A0",
    ],
)
def test_text_that_a_spreadsheet_would_run_is_text(payload: str) -> None:
    assert cell(payload) == "'" + payload


@pytest.mark.parametrize("text", ["", "a=b", "가나", "m-017", " =1", "1", "<5", "'=1"])
def test_other_text_is_left_alone(text: str) -> None:
    assert cell(text) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-5, "-5"),
        (-0.25, "-0.25"),
        (0, "0"),
        (True, "true"),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (date(2022, 3, 1), "2022-03-01"),
        (datetime(2022, 3, 1, 9, 30), "2022-03-01T09:30:00"),
    ],
)
def test_values(value: object, expected: str) -> None:
    assert cell(value) == expected


def test_a_frame_is_written_like_its_rows_with_labels_in_the_place_of_what_is_missing(tmp_path: Path) -> None:
    day = pd.Timestamp("2022-03-01")
    frame = pd.DataFrame(
        {
            "day": [day, day, None],
            "name": pd.Series(["=a", "b", None], dtype=object),
            "count": pd.Series([3, None, None], dtype="Int64"),
            "rate": [0.1, None, 1e-05],
            "suppressed": [False, True, False],
        }
    )
    labels = pd.DataFrame({"count": [None, "<5", None], "rate": [None, "withheld", None]}, dtype=object)
    assert write_frame(tmp_path / "table.csv", frame, labels, ["day"]) == 3
    assert (tmp_path / "table.csv").read_text(encoding="utf-8").splitlines() == [
        "day,name,count,rate,suppressed",
        "2022-03-01,'=a,3,0.1,false",
        "2022-03-01,b,<5,withheld,true",
        ",,,1e-05,false",
    ]
