"""Slices by week and by quarter of start, and what of them is not broken down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest

from fellowship_pipeline.release.build import Release
from tests.release.test_operational import hidden, sliced

pytestmark = pytest.mark.slow

AS_OF = date(2022, 3, 31)
MARCH = date(2022, 3, 1)
ReleaseOf = Callable[..., Release]


def days(of: Callable[[date], list[tuple[object, ...]]], first: date = date(2022, 2, 20)) -> list[tuple[object, ...]]:
    found = [first + timedelta(days=at) for at in range((AS_OF - first).days + 1)]
    return [(day, *row) for day in found for row in of(day)]


def engaged(*slices: tuple[str, int, int]) -> list[tuple[object, ...]]:
    """Holders and who of them was active, of everybody and of each group."""
    rows = [("study_group", name, holders, active) for name, holders, active in slices]
    everybody = ("all", "all", sum(row[2] for row in rows), sum(row[3] for row in rows))
    return [(*row, row[3] / row[2], 2, 5, 2 / row[3] if row[3] else None) for row in (everybody, *rows)]


def test_slices_are_of_sundays_and_of_the_days_that_the_scorecard_compares(release_of: ReleaseOf) -> None:
    frame = release_of({"engagement": days(lambda _: engaged(("a", 20, 10), ("b", 30, 15)))}).frames["engagement"]
    of_a = frame[frame["slice"] == "a"]
    assert [f"{day:%m-%d}" for day in of_a["day"]] == ["02-20", "02-27", "02-28", "03-06", "03-13", "03-20", "03-27",
                                                       "03-31"]  # fmt: skip
    assert len(frame[frame["slice"] == "all"]) == 40
    assert of_a[["active_1d", "active_7d", "stickiness"]].isna().all(axis=None)
    assert frame.loc[frame["slice"] == "all", "active_1d"].notna().all()


def test_a_slice_that_is_small_on_any_day_of_a_month_is_hidden_in_all_of_it(release_of: ReleaseOf) -> None:
    """Four on a Wednesday, which is not even published: hidden in March, with the next smallest, not in February."""
    wednesday = date(2022, 3, 9)

    def of(day: date) -> list[tuple[object, ...]]:
        return engaged(("a", 4 if day == wednesday else 8, 3), ("b", 12, 5), ("c", 30, 15))

    release = release_of({"engagement": days(of)})
    assert hidden(release, "engagement", "day", "slice") == [
        (f"2022-03-{day}", name) for day in ("06", "13", "20", "27", "31") for name in "ab"
    ]
    labels = release.labels["engagement"]
    assert labels.loc[release.frames["engagement"]["suppressed"], "holders"].unique().tolist() == ["withheld"]


def test_start_months_are_added_up_by_quarter(release_of: ReleaseOf) -> None:
    """At the end of March all who began from July to September have come six months; only some of them seven."""
    rows = []
    for month in (7, 8, 9):
        for by, name, started, active in (("all", "all", 30, 12), ("track", "x", 12, 5), ("track", "y", 18, 7)):
            months = range(12 + 3 - month + 1)
            rows += [(date(2021, month, 1), at, by, name, started, active, active / started) for at in months]
    frame = release_of({"retention": rows}).frames["retention"]
    of_x = frame[frame["slice"] == "x"]
    assert of_x[["start_month", "months_since", "started", "active", "retention_rate"]].values.tolist() == [
        [pd.Timestamp(2021, 7, 1), at, 36, 15, 15 / 36] for at in range(7)
    ]
    assert frame[frame["slice"] == "all"].groupby("start_month").size().tolist() == [9, 8, 7]


@pytest.mark.fault("H8")
@pytest.mark.parametrize(
    ("active", "shown"),
    [(0, False), (1, True), (7, False)],
)
def test_a_small_group_shows_no_rate_that_says_the_same_of_each(
    release_of: ReleaseOf, active: int, shown: bool
) -> None:
    rows = [(AS_OF, *row) for row in engaged(("a", 7, active), ("b", 12, 5), ("c", 30, 15))]
    frame = release_of({"engagement": rows}).frames["engagement"].set_index("slice")
    assert frame["suppressed"].to_dict() == {"all": False, "a": not shown, "b": not shown, "c": False}


def test_a_large_group_may_be_active_as_a_whole(release_of: ReleaseOf) -> None:
    rows = [(AS_OF, *row) for row in engaged(("a", 10, 10), ("b", 12, 5))]
    assert not release_of({"engagement": rows}).frames["engagement"]["suppressed"].any()


@pytest.mark.fault("H8")
@pytest.mark.parametrize(("holders", "active", "shown"), [(9, 0, False), (9, 4, True), (9, 9, False), (10, 10, True)])
def test_a_small_program_shows_how_many_they_are_and_no_rate_of_each(
    release_of: ReleaseOf, holders: int, active: int, shown: bool
) -> None:
    row = (AS_OF, "all", "all", holders, active, active / holders, 1, 2, 0.25)
    frame = release_of({"engagement": [row]}).frames["engagement"]
    assert frame["holders"].tolist() == [holders]
    assert frame[["active", "engagement_rate"]].notna().all(axis=1).tolist() == [shown]
    assert frame[["active_1d", "stickiness"]].isna().all(axis=None) == (active < 10)  # a part of whom may be anybody


def test_a_count_that_the_total_tells_of_hidden_slices_is_not_broken_down(release_of: ReleaseOf) -> None:
    """Of 11 hidden one is active: nearly all are known not to be; so no slice of the kind says how many are."""
    rows = [(AS_OF, *row) for row in engaged(("a", 3, 0), ("b", 8, 1), ("c", 30, 15))]
    release = release_of({"engagement": rows})
    frame = release.frames["engagement"].set_index("slice")
    assert frame["holders"].isna().to_dict() == {"all": False, "a": True, "b": True, "c": False}
    assert frame["active"].isna().to_dict() == {"all": False, "a": True, "b": True, "c": True}
    assert release.labels["engagement"]["active"].isna().all()


def test_groups_of_the_same_persons_are_hidden_together(release_of: ReleaseOf) -> None:
    """Those without a study group are those who study alone."""
    groups = sliced(("a", 3), ("(none)", 8), ("c", 20))
    modes = sliced(("individual", 8), ("group", 23), kind="study_mode")[1:]
    release = release_of({"adoption": [(MARCH, *row, row[2] - 2) for row in [*groups, *modes]]})
    assert sorted(name for (name,) in hidden(release, "adoption", "slice")) == ["(none)", "a", "group", "individual"]
