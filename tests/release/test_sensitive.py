"""Sensitive tables: closed cohorts and the whole program, rounded counts, whole percent on enough answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pytest

from fellowship_pipeline.release.build import Release

pytestmark = pytest.mark.slow

AS_OF = date(2022, 3, 31)
ReleaseOf = Callable[..., Release]


def choice(chosen: int, answered: int, by: str = "all", slice_: str = "all", option: str = "yes") -> tuple[object, ...]:
    share = chosen / answered
    return ("year-1", "q", option, by, slice_, answered, answered, chosen, share, 0.1234, 0.9876)


def figures(release: Release, table: str, *columns: str) -> list[object]:
    """The first row's figures, None where missing."""
    row = release.frames[table].iloc[0]
    return [None if pd.isna(row[column]) else row[column] for column in columns]


def test_the_survey_of_the_specification(release_of: ReleaseOf) -> None:
    rows = [("year-1", "helped_goal", "yes", "all", "all", 33, 33, 28, 28 / 33, 0.6908, 0.9335)]
    release = release_of({"survey": rows})
    columns = ("respondents", "answered", "chosen", "share", "ci_low", "ci_high")
    assert figures(release, "survey", *columns) == [35, 35, 30, 0.85, 0.69, 0.93]


@pytest.mark.parametrize(
    ("chosen", "answered", "expected"),
    [
        (12, 23, [25, 10, 0.52]),  # the smallest base of a percentage
        (12, 22, [20, 10, None]),
        (9, 33, [35, None, 0.27]),  # the count is withheld, the percentage has its base
        (10, 33, [35, 10, 0.30]),
        (1, 20, [None, None, None]),  # nothing left to say: suppressed as a whole
        (2, 40, [None, None, None]),  # 5 % exactly
        (5, 99, [100, None, 0.05]),  # 5.05 %
        (38, 40, [40, 40, None]),  # 95 % exactly
        (37, 40, [40, 35, 0.93]),  # 92.5 %, halves up
        (98, 99, [100, 100, None]),
        (99, 100, [100, 100, 0.99]),
        (2, 100, [100, None, 0.02]),
        (100, 100, [100, 100, 1.0]),
        (3, 24, [25, None, 0.13]),  # 12.5 %, halves up
        (0, 33, [None, None, None]),
    ],
)
def test_counts_and_percentages(release_of: ReleaseOf, chosen: int, answered: int, expected: list[object]) -> None:
    release = release_of({"survey": [choice(chosen, answered)]})
    assert figures(release, "survey", "answered", "chosen", "share") == expected
    shown = expected[2] is not None
    assert figures(release, "survey", "ci_low", "ci_high") == ([0.12, 0.99] if shown else [None, None])
    assert release.frames["survey"]["suppressed"].tolist() == [expected[1] is None and not shown]


def test_labels_tell_what_is_withheld(release_of: ReleaseOf) -> None:
    release = release_of({"survey": [choice(9, 33, option="a"), choice(38, 40, option="b"), choice(1, 20, option="c")]})
    labels = release.labels["survey"]
    assert labels["chosen"].tolist() == ["<10", None, "<10"]
    assert labels["share"].tolist() == [None, "withheld", "<10"]
    assert labels["answered"].tolist() == [None, None, "<10"]


def test_only_the_whole_and_closed_cohorts(release_of: ReleaseOf) -> None:
    rows = [
        choice(30, 60),
        choice(15, 30, "cohort", "2021-H2"),
        choice(15, 30, "cohort", "2022-H1"),  # runs until July
        choice(15, 30, "cohort", "(none)"),
        choice(15, 30, "study_mode", "group"),
        choice(15, 30, "study_group", "a"),
        choice(15, 30, "track", "t"),
    ]
    release = release_of({"survey": rows})
    assert release.frames["survey"]["slice"].tolist() == ["all", "2021-H2"]


def test_a_cohort_is_closed_the_day_after_its_last(release_of: ReleaseOf) -> None:
    rows = {"survey": [choice(15, 30, "cohort", "c")]}
    for ends_on, shown in (("2022-03-30", 1), ("2022-03-31", 0)):
        cohorts = [{"id": "c", "starts_on": "2022-01-01", "ends_on": ends_on}]
        assert len(release_of(rows, cohorts=cohorts).frames["survey"]) == shown
    assert release_of(rows, cohorts=[{"id": "c"}]).frames["survey"].empty


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (9, [None, None, None, None, None, None]),
        (10, [10, 4.2, 4.0, None, None, None]),
        (22, [20, 4.2, 4.0, None, None, None]),
        (23, [25, 4.2, 4.0, 2.0, 5.0, -33.3]),
    ],
)
def test_averages_need_ten_and_spreads_the_base_of_a_percentage(
    release_of: ReleaseOf, answered: int, expected: list[object]
) -> None:
    rows = [("year-1", "q", "all", "all", answered, 4.2121212, 4.0, 2.0, 5.0, -100 / 3)]
    release = release_of({"survey_ratings": rows})
    assert figures(release, "survey_ratings", "answered", "mean", "median", "p10", "p90", "nps") == expected
    assert release.frames["survey_ratings"]["suppressed"].tolist() == [answered < 10]


@pytest.mark.parametrize(
    ("respondents", "population", "expected"),
    [
        (33, 182, [180, 35, 0.18]),
        (9, 182, [180, None, 0.05]),
        (8, 99, [100, None, 0.08]),
        (4, 99, [None, None, None]),
        (9, 9, [None, None, None]),
        (22, 22, [20, 20, None]),
    ],
)
def test_response(release_of: ReleaseOf, respondents: int, population: int, expected: list[object]) -> None:
    rows = [("year-1", "all", "all", population, respondents, respondents / population)]
    release = release_of({"survey_response": rows})
    assert figures(release, "survey_response", "population", "respondents", "response_rate") == expected


def whole(counts: pd.Series[int]) -> list[int | None]:
    return [None if pd.isna(count) else count for count in counts]


def test_applications_of_closed_cohorts_with_the_first_stage_as_base(release_of: ReleaseOf) -> None:
    rows = [
        ("2021-H2", 2, "interview", 20, 12, 8, 0, 0, 0.6, 0.12),
        ("2021-H2", 1, "form", 100, 20, 72, 8, 0, 0.2, 0.2),
        ("2021-H2", 3, "offer", 9, 9, 0, 0, 0, 1.0, 0.09),
        ("2022-H1", 1, "form", 100, 20, 80, 0, 0, 0.2, 0.2),
    ]
    release = release_of({"applications": rows})
    frame = release.frames["applications"].set_index("stage")
    assert frame["cohort"].unique().tolist() == ["2021-H2"]
    counts = ["entered", "passed", "failed", "pending", "withdrawn"]
    assert whole(frame.loc["form", counts]) == [100, 20, 70, None, None]
    assert frame.loc["form", ["pass_rate", "overall_rate"]].tolist() == [0.2, 0.2]
    # 20 entered: too few for a percentage of them, but 12 of the 100 at the start is one
    assert whole(frame.loc["interview", counts]) == [20, 10, None, None, None]
    assert pd.isna(frame.loc["interview", "pass_rate"])
    assert frame.loc["interview", "overall_rate"] == 0.12
    assert frame.loc["offer", "suppressed"]
    assert frame.loc["offer", "position"] == 3
    assert frame.loc["offer", [*counts, "pass_rate", "overall_rate"]].isna().all()


def headline(kpi: str, numerator: int, denominator: int, by: str = "all", slice_: str = "all") -> tuple[object, ...]:
    value = numerator / denominator
    return (kpi, kpi, AS_OF, by, slice_, numerator, denominator, value, "rate", 0.85, "near", 0.5, value - 0.5, 0.7)


def test_sensitive_headlines_show_whole_percent_and_a_rounded_base(release_of: ReleaseOf) -> None:
    rows = [headline("goal_helped_rate", 28, 33), headline("goal_helped_rate", 10, 33, "study_mode", "group")]
    release = release_of({"scorecard": rows})
    columns = ("numerator", "denominator", "value", "previous", "delta", "target", "benchmark", "status")
    # The status is that of 85 %, as shown: the exact share's would tell more of it.
    assert figures(release, "scorecard", *columns) == [None, 35, 0.85, None, None, 0.85, 0.7, "met"]
    assert release.frames["scorecard"]["suppressed"].tolist() == [False]


def test_a_sensitive_headline_on_a_small_base_is_suppressed(release_of: ReleaseOf) -> None:
    release = release_of({"scorecard": [headline("survey_response_rate", 12, 22)]})
    assert release.frames["scorecard"]["suppressed"].tolist() == [True]
    assert figures(release, "scorecard", "label", "denominator", "value", "status") == [
        "survey_response_rate",
        None,
        None,
        None,
    ]
    assert release.labels["scorecard"]["value"].tolist() == ["<10"]


def written(answers: dict[str, int], by: str = "all", slice_: str = "all", question: str = "why") -> list[Any]:
    return [
        ("year-1", question, option, by, slice_, 40, 40, chosen, chosen / 40, 0.1, 0.9)
        for option, chosen in answers.items()
    ]


def options(release: Release, table: str = "survey") -> list[tuple[Any, ...]]:
    frame = release.frames[table]
    return [
        (option, None if pd.isna(chosen) else int(chosen), suppressed)
        for option, chosen, suppressed in zip(frame["option"], frame["chosen"], frame["suppressed"], strict=True)
    ]


@pytest.mark.fault("S11")
def test_few_peoples_own_words_are_one_row(con: duckdb.DuckDBPyConnection, release_of: ReleaseOf) -> None:
    """An option that few chose keeps its row; what somebody wrote beside the options does not."""
    con.execute("insert into core.survey_options values ('year-1', 'why', 'company'), ('year-1', 'why', 'pace')")
    rows = written({"company": 20, "my colleague Kim": 9, "pace": 2, "zoo": 1})
    frame = release_of({"survey": rows}).frames["survey"]
    assert frame["option"].tolist() == ["company", "other", "pace"]
    assert [None if pd.isna(share) else share for share in frame["share"]] == [0.5, None, None]


@pytest.mark.fault("S11")
def test_without_declared_options_how_many_wrote_them_tells(release_of: ReleaseOf) -> None:
    """20 friends, 19 teachers, one sentence: nine of the same words are still few."""
    rows = written({"a sentence of mine": 1, "friends": 20, "job": 9, "teacher": 10})
    release = release_of({"survey": rows})
    assert options(release) == [("friends", 20, False), ("other", None, True), ("teacher", 10, False)]
    assert release.labels["survey"]["chosen"].tolist() == [None, "<10", None]


def test_words_of_many_are_named_in_every_slice(release_of: ReleaseOf) -> None:
    rows = written({"friends": 20, "mine": 1}) + written({"friends": 2, "mine": 0}, "cohort", "2021-H2")
    frame = release_of({"survey": rows}).frames["survey"]
    assert list(zip(frame["option"], frame["slice"], frame["suppressed"], strict=True)) == [
        ("friends", "all", False),
        ("friends", "2021-H2", True),
        ("other", "all", True),
        ("other", "2021-H2", True),
    ]


def test_an_option_called_other_keeps_its_figures(con: duckdb.DuckDBPyConnection, release_of: ReleaseOf) -> None:
    con.execute("insert into core.survey_options values ('year-1', 'why', 'other')")
    assert options(release_of({"survey": written({"a word": 1, "other": 12, "x": 1})})) == [("other", 10, False)]


def test_ratings_are_nobodys_words(release_of: ReleaseOf) -> None:
    surveys = [{"id": "year-1", "questions": {"why": {"kind": "rating", "scale": [1, 5]}}}]
    release = release_of({"survey": written({"1": 2, "5": 38})}, surveys=surveys)
    assert [option for option, *_ in options(release)] == ["1", "5"]


def test_own_words_are_in_no_comparison_of_terms(release_of: ReleaseOf) -> None:
    rows = [
        ("t1", "year-1", "why", option, 40, chosen, chosen / 40, True)
        for option, chosen in (("friends", 20), ("my boss", 1), ("my cat", 2))
    ]
    release = release_of({"term_surveys": rows})
    assert options(release, "term_surveys") == [("friends", 20, False), ("other", None, True)]
    assert release.frames["term_surveys"]["survey"].tolist() == ["year-1", "year-1"]


def test_the_programs_own_minima_hold(release_of: ReleaseOf) -> None:
    privacy = {"sensitive_minimum": 20, "sensitive_base": 50, "round_to": 10}
    release = release_of({"survey": [choice(25, 50)]}, privacy=privacy)
    assert figures(release, "survey", "answered", "chosen", "share") == [50, 30, 0.5]
    assert release.thresholds["sensitive"] == "<20"
    release = release_of({"survey": [choice(19, 49)]}, privacy=privacy)
    assert release.frames["survey"]["suppressed"].tolist() == [True]
