"""Operational tables: rows of fewer than 5 persons are withheld, and what they could be computed from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from fellowship_pipeline.release.build import Release

pytestmark = pytest.mark.slow

MARCH = date(2022, 3, 1)
FEBRUARY = date(2022, 2, 1)
AS_OF = date(2022, 3, 31)
ReleaseOf = Callable[..., Release]


def hidden(release: Release, table: str, *columns: str) -> list[tuple[object, ...]]:
    """The named columns of the suppressed rows, days as text."""
    frame = release.frames[table]
    rows = frame.loc[frame["suppressed"], list(columns)].itertuples(index=False, name=None)
    return [tuple(f"{v:%Y-%m-%d}" if isinstance(v, pd.Timestamp) else v for v in row) for row in rows]


def sliced(*sizes: tuple[str, int], kind: str = "study_group") -> list[tuple[object, ...]]:
    """slice_by, slice and a count, for 'all' and each slice."""
    return [("all", "all", sum(size for _, size in sizes)), *((kind, name, size) for name, size in sizes)]


@pytest.mark.fault("H4")
@pytest.mark.parametrize(("persons", "suppressed"), [(4, True), (5, False), (0, False)])
@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("adoption", lambda n: (MARCH, "all", "all", n, min(n, 1), 0.25)),
        ("engagement", lambda n: (AS_OF, "all", "all", n, min(n, 1), 0.25)),
        ("activity", lambda n: (MARCH, "all", "all", n, n, 10.0)),
        ("activity", lambda n: (MARCH, "all", "all", 0, 0, 0.0, 0.0, None, None, n)),
        ("retention", lambda n: (MARCH, 0, "all", "all", n, min(n, 1), 0.25)),
        ("tracks", lambda n: ("t", "all", "all", n, 0.5, 0, 0.0)),
        ("courses", lambda n: ("c", "t", n, 1, 1 / max(n, 1), None, 4.0)),
        ("seats", lambda n: (MARCH, "p", 60, 0, n, 0, 0, n, n, 0, 60 - n, n / 60)),
        ("seats", lambda n: (MARCH, "p", 60, 0, 0, 0, 0, 0, 0, n, 60 - n, 0.0)),
        ("seats", lambda n: (MARCH, "p", 60, n, 40, 0, 0, 40 + n, 40 + n, 1, 0, 0.9)),
        ("review_summary", lambda n: (MARCH, "r", n, n, min(n, 1), 0, 0, 0.2)),
    ],
)
def test_the_group_decides(
    release_of: ReleaseOf, table: str, row: Callable[[int], tuple[object, ...]], persons: int, suppressed: bool
) -> None:
    frame = release_of({table: [row(persons)]}).frames[table]
    assert frame["suppressed"].tolist() == [suppressed]


@pytest.mark.parametrize(("completed", "suppressed"), [(4, True), (5, False)])
def test_where_nobody_knows_who_began_a_course_those_who_completed_it_are_the_group(
    release_of: ReleaseOf, completed: int, suppressed: bool
) -> None:
    row = ("c", "t", None, completed, None, None, 4.0, 0)
    assert release_of({"courses": [row]}).frames["courses"]["suppressed"].tolist() == [suppressed]


def test_a_course_without_known_starts_hides_none_in_the_rate_of_all_courses(release_of: ReleaseOf) -> None:
    courses = [("a", "t", 30, 20, 2 / 3, None, 4.0, 20), ("b", "t", 3, 1, 1 / 3, None, 4.0, 1)]
    unknown = ("c", "t", None, 4, None, None, 4.0, 0)
    release = release_of({"courses": [*courses, unknown], "scorecard": [headline("course_completion_rate", 21, 33)]})
    assert hidden(release, "courses", "course") == [("a",), ("b",), ("c",)]
    release = release_of({"courses": [courses[0], unknown], "scorecard": [headline("course_completion_rate", 20, 30)]})
    assert hidden(release, "courses", "course") == [("c",)]


def test_a_small_count_in_a_large_group_is_shown(release_of: ReleaseOf) -> None:
    frame = release_of({"engagement": [(AS_OF, "all", "all", 60, 1, 1 / 60, 0, 1, 0.0)]}).frames["engagement"]
    assert frame[["holders", "active"]].iloc[0].tolist() == [60, 1]


def test_a_suppressed_row_keeps_only_what_no_person_stands_behind(release_of: ReleaseOf) -> None:
    rows = {
        "seats": [(MARCH, "p", 60, 0, 4, 0, 0, 4, 4, 0, 56, 4 / 60, 0, 12)],
        "courses": [("c", None, 4, 2, 0.5, 3.0, 8.5), ("d", None, 4, 2, 0.5, 3.0, 2.0)],
    }
    release = release_of(rows)
    seats = release.frames["seats"].iloc[0]
    assert (seats["pool"], seats["capacity"]) == ("p", 60)
    assert seats.drop(["month", "pool", "capacity", "suppressed"]).isna().all()
    said = release.labels["seats"].iloc[0].drop(["month", "pool", "capacity"])
    assert said[said != "<5"].to_dict() == {"idle": "withheld", "rotations_left": "withheld"}  # 56, and 12
    courses = release.frames["courses"]
    assert courses["hours"].tolist() == [8.5, 2.0]
    assert courses[["started", "completed", "completion_rate", "median_days"]].isna().all(axis=None)


def test_a_row_that_is_shown_has_no_labels_even_where_figures_are_missing(release_of: ReleaseOf) -> None:
    release = release_of({"adoption": [(MARCH, "all", "all", 12, 0, 0.0, 0, None, None)]})
    assert release.labels["adoption"].isna().all(axis=None)
    assert release.frames["adoption"]["activation_rate"].isna().tolist() == [True]


def test_the_next_smallest_slice_of_the_kind_goes_too(release_of: ReleaseOf) -> None:
    slices = sliced(("a", 3), ("b", 8), ("c", 20))
    rows = [(MARCH, *row) for row in slices] + [(MARCH, "track", "x", 31)]
    release = release_of({"adoption": rows})
    assert hidden(release, "adoption", "slice") == [("a",), ("b",)]


def test_each_day_stands_for_itself(release_of: ReleaseOf) -> None:
    rows = [(date(2022, 3, 30), *row) for row in sliced(("a", 5), ("b", 8))]
    rows += [(AS_OF, *row) for row in sliced(("a", 4), ("b", 8))]
    release = release_of({"engagement": rows})
    assert hidden(release, "engagement", "day", "slice") == [("2022-03-31", "a"), ("2022-03-31", "b")]


def test_slices_have_quarters_of_starts_as_far_as_all_of_them_have_come(release_of: ReleaseOf) -> None:
    rows = [(FEBRUARY, since, *row, 1) for since in (0, 1) for row in sliced(("a", 3), ("b", 8), ("c", 9))]
    release = release_of({"retention": rows})
    # Of the quarter March began too, of which February's second month is not over.
    assert hidden(release, "retention", "start_month", "months_since", "slice") == [
        ("2022-01-01", 0, "a"),
        ("2022-01-01", 0, "b"),
    ]


def headline(kpi: str, numerator: int, denominator: int, slice_: str = "all", by: str = "all") -> tuple[object, ...]:
    value = numerator / denominator
    return (kpi, kpi, AS_OF, by, slice_, numerator, denominator, value, "rate", 0.9, "met", 0.5, value - 0.5, 0.7)


def test_start_months_add_up_to_the_scorecard(release_of: ReleaseOf) -> None:
    starts = [(date(2021, 10, 1), 30), (date(2021, 11, 1), 3), (date(2021, 12, 1), 12)]
    rows = [(month, 3, "all", "all", started, 1, 0.5) for month, started in starts]
    release = release_of({"retention": rows, "scorecard": [headline("retention_3m", 3, 45)]})
    assert hidden(release, "retention", "start_month") == [("2021-11-01",), ("2021-12-01",)]
    assert hidden(release, "scorecard", "kpi") == []


def test_courses_add_up_to_the_scorecard_each_once(release_of: ReleaseOf) -> None:
    rows = [("a", "t", 4, 1), ("a", "u", 4, 1), ("b", "t", 9, 2), ("c", None, 40, 9)]
    release = release_of({"courses": rows, "scorecard": [headline("course_completion_rate", 12, 53)]})
    assert hidden(release, "courses", "course", "track") == [("a", "t"), ("a", "u"), ("b", "t")]


def test_pools_and_rules_have_company_too(release_of: ReleaseOf) -> None:
    seats = [(MARCH, pool, 60, n, 0, 0, 0, n, n, 0) for pool, n in (("p", 50), ("q", 3), ("r", 20))]
    reviews = [(MARCH, rule, n, n, 0, 0, 0, 0.0) for rule, n in (("x", 2), ("y", 9), ("z", 30))]
    what_if = [(MARCH, 0, 0, 0.0), (MARCH, 500, 2, 2 / 41)]
    release = release_of({"seats": seats, "review_summary": reviews, "what_if": what_if})
    assert hidden(release, "seats", "pool") == [("q",), ("r",)]
    assert hidden(release, "review_summary", "rule") == [("x",), ("y",)]
    assert hidden(release, "what_if", "minimum_xp") == []


@pytest.mark.parametrize(("reviewed", "suppressed"), [(4, True), (5, False)])
def test_what_if_describes_those_reviewed(release_of: ReleaseOf, reviewed: int, suppressed: bool) -> None:
    rows = {
        "review_summary": [(MARCH, "r", reviewed, 0, 1, 0, 0, 0.2)],
        "what_if": [(MARCH, 500, 1, 0.2), (MARCH, 1000, 2, 0.4)],
        "scorecard": [headline("reclaim_rate", 1, reviewed)],
    }
    release = release_of(rows)
    assert release.frames["what_if"]["suppressed"].tolist() == [suppressed] * 2
    assert release.frames["scorecard"]["suppressed"].tolist() == [suppressed]


def test_the_scorecard_hides_what_the_kpis_own_table_hides(release_of: ReleaseOf) -> None:
    slices = sliced(("a", 3), ("b", 8), ("c", 20))
    rows = {
        "adoption": [(MARCH, *row, 1) for row in slices],
        "engagement": [(AS_OF, *row, 1) for row in slices],
        "scorecard": [
            headline(kpi, 1, n, name, by)
            for kpi in ("adoption_rate", "activation_rate", "engagement_rate")
            for by, name, n in slices
        ],
    }
    release = release_of(rows)
    assert hidden(release, "scorecard", "kpi", "slice") == [
        (kpi, name) for kpi in ("activation_rate", "adoption_rate", "engagement_rate") for name in "ab"
    ]
    row = release.frames["scorecard"].query("kpi == 'adoption_rate' and slice == 'a'").iloc[0]
    assert row[["label", "unit", "target", "benchmark"]].tolist() == ["adoption_rate", "rate", 0.9, 0.7]
    assert row[["numerator", "denominator", "value", "status", "previous", "delta"]].isna().all()


@pytest.mark.parametrize(("before", "shown"), [(4, False), (5, True), (None, False)])
def test_a_comparison_with_a_hidden_day_is_withheld(release_of: ReleaseOf, before: int | None, shown: bool) -> None:
    rows = [(AS_OF, "all", "all", 20, 9, 0.45)]
    if before is not None:
        rows.append((date(2022, 2, 28), "all", "all", before, 2, 0.5))
    release = release_of({"engagement": rows, "scorecard": [headline("engagement_rate", 9, 20)]})
    scorecard = release.frames["scorecard"].iloc[0]
    assert scorecard["value"] == 0.45
    assert scorecard[["previous", "delta"]].notna().tolist() == [shown, shown]
    assert not scorecard["suppressed"]
    assert release.labels["scorecard"]["previous"].tolist() == [None if shown else "withheld"]


def test_the_programs_own_minimum_holds(release_of: ReleaseOf) -> None:
    rows = {"adoption": [(MARCH, "all", "all", 9, 9)]}
    release = release_of(rows, privacy={"operational_minimum": 10})
    assert release.thresholds["operational"] == "<10"
    assert release.frames["adoption"]["suppressed"].tolist() == [True]
