"""Margins that tell together what none tells alone, and counts of slices that are withheld or spared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from fellowship_pipeline.release.attack import Unknowns
from fellowship_pipeline.release.build import Release
from tests.release.test_operational import hidden, sliced
from tests.release.test_programs import at_end, suppressed

pytestmark = pytest.mark.slow

MARCH = date(2022, 3, 1)
AS_OF = date(2022, 3, 31)
ReleaseOf = Callable[..., Release]


def headline(numerator: int, denominator: int, slice_: str = "all", by: str = "all") -> tuple[object, ...]:
    value = numerator / denominator
    return ("retention_3m", "x", AS_OF, by, slice_, numerator, denominator, value, "rate", *[None] * 5)


def test_headlines_of_slices_add_up_to_everybodys(release_of: ReleaseOf) -> None:
    """47 are 2, 15 and 30: two hidden ones are 17, where one alone would be told."""
    starts = [(date(2021, 10, 1), 3, "all", "all", 47, 20, 20 / 47)]
    cards = [headline(20, 47), *(headline(one, of, name, "track") for name, one, of in (("a", 1, 2), ("b", 6, 15)))]
    rows = {"retention": starts, "scorecard": [*cards, headline(13, 30, "c", "track")]}
    assert hidden(release_of(rows), "scorecard", "slice") == [("a",), ("b",)]


def test_two_terms_leave_what_began_between_them(release_of: ReleaseOf) -> None:
    """Everybody less both terms is 3 and 9: where 9 is shown, 3 is told, though neither term alone tells it."""
    starts = [(date(2021, 5, 1), 30), (date(2021, 6, 1), 3), (date(2021, 7, 1), 9), (date(2021, 8, 1), 40)]
    rows = {
        "retention": [(month, 3, "all", "all", started, 2, 0.5) for month, started in starts],
        "scorecard": [headline(8, 82)],
        "terms": [at_end("retention_3m", 2, 30, date(2021, 8, 31)), at_end("retention_3m", 2, 40, date(2021, 12, 31))],
    }
    terms = [
        {"id": "2021-08-31", "from": "2021-01-01", "to": "2021-08-31"},
        {"id": "2021-12-31", "from": "2021-08-01", "to": "2021-12-31"},
    ]
    release = release_of(rows, terms=terms)
    assert suppressed(release, "retention", "start_month") == [pd.Timestamp(2021, at, 1) for at in (6, 7)]
    assert not release.frames["terms"]["suppressed"].any()


def test_groups_of_one_in_a_small_mode_are_left_out(release_of: ReleaseOf) -> None:
    """Three study groups of one are said to be under 5 each, and to be under 5 together: so none of them is 3."""
    modes = sliced(("individual", 40), ("group", 3), kind="study_mode")
    groups = sliced(("(none)", 40), ("g1", 1), ("g2", 1), ("g3", 1))
    release = release_of({"adoption": [(MARCH, *row) for row in (*modes, *groups[1:])]})
    assert release.frames["adoption"]["slice"].tolist() == ["all"]


def learned(*slices: tuple[str, int, int]) -> list[tuple[object, ...]]:
    """A row of activity for everybody and each slice: learners and first completions."""
    rows = [("all", "all", sum(of for _, of, _ in slices), sum(done for *_, done in slices))]
    rows += [("track", *one) for one in slices]
    return [(MARCH, *key, of, of * 3, 90.0, 9.0, None, None, done) for *key, of, done in rows]


def completions(release: Release) -> dict[str, object]:
    frame = release.frames["activity"]
    return {
        name: None if pd.isna(done) else done for name, done in zip(frame["slice"], frame["completions"], strict=True)
    }


def test_a_count_without_a_base_is_withheld_where_few_are_left(release_of: ReleaseOf) -> None:
    shown = release_of({"activity": learned(("a", 3, 2), ("b", 8, 5), ("c", 20, 6))})
    assert completions(shown) == {"all": 13, "a": None, "b": None, "c": 6}
    told = release_of({"activity": learned(("a", 3, 0), ("b", 8, 1), ("c", 20, 6))})
    assert completions(told) == {"all": 7, "a": None, "b": None, "c": None}
    assert told.frames["activity"]["learners"].tolist()[-1] == 20


def test_another_slice_is_hidden_where_that_costs_less_than_a_count_of_all(release_of: ReleaseOf) -> None:
    """Beside a, b would do for the learners; c, of whom five completed a course, for both."""
    many = [(name, 20, 6) for name in "defghij"]
    release = release_of({"activity": learned(("a", 3, 0), ("b", 8, 1), ("c", 9, 5), *many)})
    assert hidden(release, "activity", "slice") == [("a",), ("c",)]
    assert completions(release)["b"] == 1
    assert completions(release)["d"] == 6


def test_completions_of_few_are_withheld_not_few(release_of: ReleaseOf) -> None:
    """a and b completed 7 courses: that each did fewer than 5 would tell that they are 3 and 4."""
    labels = release_of({"activity": learned(("a", 3, 4), ("b", 2, 3), ("c", 5, 1))}).labels["activity"]
    assert labels["learners"].tolist() == [None, "<5", "<5", None]
    assert labels["completions"].tolist() == labels["active_days"].tolist() == [None, "withheld", "withheld", None]


def test_what_bounds_a_count_is_named() -> None:
    """a and b are 6 together, b and c 10: what says so bounds a, and what says of d does not."""
    unknowns = Unknowns()
    a, b, c, d = (unknowns.count(name, truth, 0, 9) for name, truth in (("a", 2), ("b", 4), ("c", 6), ("d", 5)))
    unknowns.known({a: 1, b: 1}, 6, 6, "a and b")
    unknowns.known({b: 1, c: 1}, 10, 10, "b and c")
    unknowns.known({d: 1}, 5, 5, "d")
    assert sorted(map(str, unknowns.told_by(a))) == ["a and b", "b and c"]
