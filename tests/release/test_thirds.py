"""Headlines of retention beside start months that stand: a few rows, worked out by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fellowship_pipeline.release.tables import LabeledRows
from fellowship_pipeline.release.thirds import Begun, spared

Cells = tuple[str | int, str | int]
DAY = date(2022, 3, 31)
"""The third month since December is over."""


def labeled(frame: pd.DataFrame, columns: tuple[str, str], cells: list[Cells]) -> LabeledRows:
    """The rows with these cells: a number, or what is said in its place."""
    labels = pd.DataFrame(index=frame.index, columns=[*frame.columns, *columns], dtype="object")
    for place, column in enumerate(columns):
        said = pd.Series([pair[place] for pair in cells], index=frame.index, dtype="object")
        is_hidden = said.map(lambda cell: isinstance(cell, str)).astype(bool)
        frame[column] = said.mask(is_hidden).astype("Int64")
        labels[column] = said.where(is_hidden, None)
    frame["suppressed"] = frame[list(columns)].isna().all(axis=1)
    return LabeledRows(frame, labels)


def retention(*rows: tuple[str, str, str, str | int, str | int]) -> LabeledRows:
    """Start, kind and name of the slice, how many started, how many of them were active in the third month."""
    frame = pd.DataFrame(
        {
            "start_month": pd.to_datetime([f"{row[0]}-01" for row in rows]),
            "months_since": 3,
            "slice_by": [row[1] for row in rows],
            "slice": [row[2] for row in rows],
        }
    )
    return labeled(frame, ("started", "active"), [row[3:] for row in rows])


def headlines(*rows: tuple[str, str, str | int, str | int]) -> LabeledRows:
    """Kind and name of the slice, all who started, how many of them were active; and a headline of something else."""
    of = [*rows, ("all", "all", 30, 20)]
    frame = pd.DataFrame(
        {
            "kpi": [*["retention_3m"] * len(rows), "adoption_rate"],
            "slice_by": [row[0] for row in of],
            "slice": [row[1] for row in of],
        }
    )
    return labeled(frame, ("denominator", "numerator"), [row[2:] for row in of])


def left(months: LabeledRows, cards: LabeledRows, *more: str) -> tuple[list[str], list[str]]:
    """What is left: starts with their slices, and slices of headlines. ``more``: start months without a row."""
    listed = months.frame.loc[months.frame["slice_by"] == "all", "start_month"].dt.strftime("%Y-%m")
    some, of = spared(months, cards, Begun.by(DAY, [*listed, *more]))
    starts = some.frame["start_month"].dt.strftime("%Y-%m") + " " + some.frame["slice"]
    assert len(some.labels) == len(some.frame)
    assert len(of.labels) == len(of.frame)
    return starts.to_list(), of.frame.loc[of.frame["kpi"] == "retention_3m", "slice"].to_list()


AUGUST = ("2021-08", "all", "all", 7, 5)


def test_a_start_month_that_the_headline_tells_is_left_out() -> None:
    """Nine less seven are two, who both were active: seven less five."""
    months = retention(AUGUST, ("2021-09", "all", "all", "<5", "<5"))
    assert left(months, headlines(("all", "all", 9, 7))) == (["2021-08 all"], ["all"])


def test_start_months_of_which_enough_numbers_fit_stay() -> None:
    """Seven in three months of one to four."""
    hidden = [(f"2021-{month}", "all", "all", "<5", "<5") for month in ("09", "10", "11")]
    listed = ["2021-08 all", "2021-09 all", "2021-10 all", "2021-11 all"]
    assert left(retention(AUGUST, *hidden), headlines(("all", "all", 14, 9))) == (listed, ["all"])


def test_one_start_month_beside_another_that_no_row_is_of_stays() -> None:
    """Five in September, or fewer, and the rest in the month that is left out."""
    months = retention(AUGUST, ("2021-09", "all", "all", "<5", "<5"))
    assert left(months, headlines(("all", "all", 12, 9)), "2021-10") == (["2021-08 all", "2021-09 all"], ["all"])


def test_what_rows_at_another_month_since_show_is_known() -> None:
    """Eight started in August and September together; of November there are two at most."""
    early = retention(("2021-08", "all", "all", 4, 3), ("2021-09", "all", "all", 4, 3))
    early.frame["months_since"] = 1
    third = [(f"2021-{month}", "all", "all", "withheld", "withheld") for month in ("08", "09")]
    late = retention(*third, ("2021-11", "all", "all", "<5", "<5"))
    months = LabeledRows(
        pd.concat([early.frame, late.frame], ignore_index=True),
        pd.concat([early.labels, late.labels], ignore_index=True),
    )
    starts, cards = left(months, headlines(("all", "all", 10, 6)))
    assert ("2021-11 all" in starts, cards) == (False, ["all"])


def test_headlines_of_slices_that_quarters_tell_are_left_out() -> None:
    """Of fifteen nine are in the three small groups, as their quarter says: g0 has five or six."""
    months = [("2021-08", "all", "all", 6, 3), ("2021-09", "all", "all", 8, 7)]
    groups = [("2021-07", "study_group", name, "<5", "<5") for name in ("g1", "g2", "g3")]
    shown = ("2021-07", "study_group", "g0", 5, 4)
    cards = [("study_group", "g0", "withheld", "withheld")]
    cards += [("study_group", name, "<5", "<5") for name in ("g1", "g2", "g3")]
    starts, slices = left(retention(*months, shown, *groups), headlines(("all", "all", 15, 11), *cards), "2021-10")
    assert (len(starts), slices) == (6, ["all"])


def test_a_headline_that_its_rows_show_is_not_told() -> None:
    """What is withheld of the cohort is no more than its quarter shows."""
    months = [("2021-08", "all", "all", 12, 9), ("2021-09", "all", "all", 8, 7)]
    cards = [("all", "all", 20, 16), ("cohort", "2021-H2", "withheld", "withheld")]
    assert left(retention(*months, ("2021-07", "cohort", "2021-H2", 20, 16)), headlines(*cards))[1] == [
        "all",
        "2021-H2",
    ]


def test_figures_that_contradict_each_other_tell_nothing() -> None:
    """A headline that moved, of five fewer, beside months that stand."""
    months = retention(AUGUST, ("2021-09", "all", "all", "<5", "<5"))
    assert left(months, headlines(("all", "all", 5, 4))) == (["2021-08 all", "2021-09 all"], ["all"])
