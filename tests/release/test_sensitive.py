"""Sensitive tables: closed cohorts and the whole program, rounded counts, shares in steps on enough answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pytest

from fellowship_pipeline.release.build import Release
from tests.release.labeled import add

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
    """28 of 33: 85 % would tell that five or six were not helped."""
    rows = [("year-1", "helped_goal", "yes", "all", "all", 33, 33, 28, 28 / 33, 0.6908, 0.9335)]
    release = release_of({"survey": rows})
    columns = ("respondents", "answered", "chosen", "share", "ci_low", "ci_high")
    assert figures(release, "survey", *columns) == [35, 35, 30, None, None, None]


def test_a_minimum_of_one_hides_nobody_nor_that_there_is_nobody(release_of: ReleaseOf) -> None:
    rows = [("2021-H2", 1, "form", 9, 8, 1, 0, 0, 8 / 9, 8 / 9), ("2021-H2", 2, "talk", 8, 8, 0, 0, 0, 1.0, 8 / 9)]
    open_ = {"sensitive_minimum": 1, "sensitive_base": 1, "round_to": 1, "operational_minimum": 1}
    release = release_of({"applications": rows}, privacy=open_)
    counts = release.frames["applications"][["entered", "passed", "failed", "pending"]]
    assert counts.values.tolist() == [[9, 8, 1, 0], [8, 8, 0, 0]]


def test_of_a_survey_without_names_no_cohort_has_a_row(con: duckdb.DuckDBPyConnection, release_of: ReleaseOf) -> None:
    """Eighteen answered, of whom nobody knows the cohort: fewer than ten of it would be untrue."""
    about = {"survey": "year-1", "person": "response:1", "slice_by": "all", "slice": "all"}
    add(con, "survey_population", **about, is_asked=False, has_responded=True, is_anonymous=True)
    headline = ("survey_response_rate", "all", "all", 18, 25, 0.72, "year-1")
    rows = {
        "survey_response": [("year-1", "all", "all", 25, 18, 0.72), ("year-1", "cohort", "2021-H2", 25, 0, 0.0)],
        "survey": [choice(12, 18), choice(0, 18, "cohort", "2021-H2")],
        "scorecard": [
            ("survey_response_rate", "Response", AS_OF, kind, name, part, 25, part / 25, "rate", *[None] * 5)
            for kind, name, part in (("all", "all", 18), ("cohort", "2021-H2", 0))
        ],
    }
    release = release_of({**rows, "headlines": [headline]})
    assert {name: release.frames[name]["slice"].to_list() for name in rows} == {name: ["all"] for name in rows}


@pytest.mark.fault("H4", "H8")
@pytest.mark.parametrize(
    ("chosen", "answered", "expected"),
    [
        (12, 23, [25, 10, 0.5]),  # the smallest base of a share; 52.2 %, in steps of 5
        (12, 22, [20, 10, None]),
        (9, 33, [35, None, None]),  # under 10 chose it
        (10, 33, [35, 10, 0.3]),
        (24, 33, [35, 25, None]),  # under 10 did not choose it
        (23, 33, [35, 25, 0.7]),
        (1, 20, [20, None, None]),
        (37, 40, [40, 35, None]),
        (13, 40, [40, 15, 0.35]),  # 32.5 %, halves up
        (20, 99, [100, 20, 0.2]),
        (20, 100, [100, 20, 0.2]),
        (21, 99, [100, 20, 0.2]),  # 21.2 %
        (21, 100, [100, 20, 0.21]),  # from 100 on whole percent
        (33, 240, [240, 35, 0.14]),  # 13.75 %
        (9, 100, [100, None, None]),
        (1, 9, [None, None, None]),  # nothing left to say: suppressed as a whole
        (91, 100, [100, 90, None]),
        (100, 100, [100, 100, None]),
        (0, 33, [35, None, None]),
    ],
)
def test_counts_and_shares(release_of: ReleaseOf, chosen: int, answered: int, expected: list[object]) -> None:
    release = release_of({"survey": [choice(chosen, answered)]})
    assert figures(release, "survey", "answered", "chosen", "share") == expected
    shown = expected[2] is not None
    assert [end is None for end in figures(release, "survey", "ci_low", "ci_high")] == [not shown] * 2
    assert release.frames["survey"]["suppressed"].tolist() == [expected[0] is None]


@pytest.mark.parametrize(
    ("chosen", "answered", "interval"),
    [
        (15, 33, [0.30, 0.61]),  # Wilson's of 45 % and 35: 0.298 to 0.614
        (20, 40, [0.35, 0.65]),  # of 50 % and 40: 0.352 to 0.648
        (61, 121, [0.41, 0.59]),  # of 50 % and 120: 0.412 to 0.588
    ],
)
def test_intervals_are_those_of_what_is_shown(
    release_of: ReleaseOf, chosen: int, answered: int, interval: list[float]
) -> None:
    assert figures(release_of({"survey": [choice(chosen, answered)]}), "survey", "ci_low", "ci_high") == interval


@pytest.mark.fault("H8")
def test_at_the_ends_only_the_end_is_said(release_of: ReleaseOf) -> None:
    """Where a program's own minimum is 1: of less than 100 nobody learns how much less than 5 % it was."""
    privacy = {"sensitive_minimum": 1}
    rows = [choice(count, 40, option=option) for option, count in (("a", 2), ("b", 38), ("c", 3), ("d", 37))]
    release = release_of({"survey": rows}, privacy=privacy)
    assert [None if pd.isna(share) else share for share in release.frames["survey"]["share"]] == [None, None, 0.1, 0.95]
    assert release.labels["survey"]["share"].tolist() == ["≤5%", "≥95%", None, None]


@pytest.mark.parametrize(
    ("answers", "chosen", "share", "answered"),
    [
        ([(9, 33), (24, 33)], ["<10", None], ["<10", "withheld"], [None, None]),
        ([(1, 20)], ["<10"], ["<10"], [None]),
        ([(0, 9)], ["<10"], ["<10"], ["<10"]),
    ],
)
def test_labels_tell_what_is_withheld(
    release_of: ReleaseOf,
    answers: list[tuple[int, int]],
    chosen: list[str | None],
    share: list[str | None],
    answered: list[str | None],
) -> None:
    """`<10` is said only where it is true: of the 20 who answered, and of 24 of 33, it is not."""
    rows = [choice(*answer, option=name) for answer, name in zip(answers, "ab", strict=False)]
    labels = release_of({"survey": rows}).labels["survey"]
    assert labels["chosen"].tolist() == chosen
    assert labels["share"].tolist() == share
    assert labels["answered"].tolist() == answered


SINGLE = [{"id": "year-1", "questions": {"q": {"kind": "single"}}}]


def shares(release: Release, table: str = "survey") -> dict[str, float | None]:
    frame = release.frames[table]
    return {
        option: None if pd.isna(share) else share for option, share in zip(frame["option"], frame["share"], strict=True)
    }


def test_shares_of_a_single_choice_leave_nobody_or_enough_for_the_others(release_of: ReleaseOf) -> None:
    """14, 19 and 2 of 35: of 40 % and 55 % the rest would be two, so the smaller goes."""
    rows = {"survey": [choice(count, 35, option=name) for name, count in (("a", 14), ("b", 19), ("c", 2))]}
    assert shares(release_of(rows, surveys=SINGLE)) == {"a": None, "b": 0.55, "c": None}
    several = [{"id": "year-1", "questions": {"q": {"kind": "multi"}}}]
    assert shares(release_of(rows, surveys=several)) == {"a": 0.4, "b": 0.55, "c": None}
    rows = {"survey": [choice(count, 40, option=name) for name, count in (("a", 14), ("b", 16), ("c", 10))]}
    assert shares(release_of(rows, surveys=SINGLE)) == {"a": 0.35, "b": 0.4, "c": 0.25}


@pytest.mark.parametrize(
    ("whole", "cohort", "shown"),
    [
        ((30, 60), (15, 30), True),  # the others: 15 of 30
        ((30, 60), (30, 60), True),  # nobody else
        ((30, 60), (27, 54), False),  # six others
        ((30, 60), (12, 30), True),
        ((36, 70), (15, 40), False),  # nine of the 30 others did not choose it
    ],
)
def test_a_closed_cohort_does_not_tell_of_the_running_one(
    release_of: ReleaseOf, whole: tuple[int, int], cohort: tuple[int, int], shown: bool
) -> None:
    rows = {"survey": [choice(*whole), choice(*cohort, "cohort", "2021-H2")]}
    frame = release_of(rows).frames["survey"]
    assert frame["share"].notna().tolist() == [True, shown]


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


def test_a_cohort_is_closed_on_its_last_day(release_of: ReleaseOf) -> None:
    """Where learning ends with the cohort no later day comes."""
    rows = {"survey": [choice(15, 30, "cohort", "c")]}
    for ends_on, shown in (("2022-03-31", 1), ("2022-04-01", 0)):
        cohorts = [{"id": "c", "starts_on": "2022-01-01", "ends_on": ends_on}]
        assert len(release_of(rows, cohorts=cohorts).frames["survey"]) == shown
    assert release_of(rows, cohorts=[{"id": "c"}]).frames["survey"].empty


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (9, [None, None, None, None, None, None]),
        (10, [10, 4.0, None, None, None, None]),
        (22, [20, 4.0, None, None, None, None]),
        (23, [25, 4.0, None, None, None, -30]),
        (49, [50, 4.0, None, None, None, -30]),
        (50, [50, 4.2, None, None, None, -30]),
        (99, [100, 4.2, None, None, None, -30]),
        (100, [100, 4.2, 4.0, 2.5, 5.0, -33]),
    ],
)
def test_means_scores_and_quantiles_in_steps(release_of: ReleaseOf, answered: int, expected: list[object]) -> None:
    rows = [("year-1", "q", "all", "all", answered, 4.2121212, 4.0, 2.3, 5.0, -100 / 3)]
    release = release_of({"survey_ratings": rows})
    assert figures(release, "survey_ratings", "answered", "mean", "median", "p10", "p90", "nps") == expected
    assert release.frames["survey_ratings"]["suppressed"].tolist() == [answered < 10]


def test_a_cohorts_mean_does_not_tell_of_few_others(release_of: ReleaseOf) -> None:
    rows = [("year-1", "q", *who, n, 4.2) for who, n in ((("all", "all"), 43), (("cohort", "2021-H2"), 40))]
    frame = release_of({"survey_ratings": rows}).frames["survey_ratings"]
    assert frame["mean"].notna().tolist() == [True, False]


@pytest.mark.fault("H4")
@pytest.mark.parametrize(
    ("respondents", "population", "expected"),
    [
        (33, 182, [180, 35, 0.18]),
        (9, 182, [180, None, None]),
        (8, 99, [100, None, None]),
        (4, 99, [100, None, None]),
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
    # 20 entered: too few for a share of them, but 12 of the 100 at the start is one
    assert whole(frame.loc["interview", counts]) == [20, 10, None, None, None]
    assert pd.isna(frame.loc["interview", "pass_rate"])
    assert frame.loc["interview", "overall_rate"] == 0.12
    assert frame.loc["offer", "suppressed"]
    assert frame.loc["offer", "position"] == 3
    assert frame.loc["offer", [*counts, "pass_rate", "overall_rate"]].isna().all()


def headline(kpi: str, numerator: int, denominator: int, by: str = "all", slice_: str = "all") -> tuple[object, ...]:
    value = numerator / denominator
    return (kpi, kpi, AS_OF, by, slice_, numerator, denominator, value, "rate", 0.85, "near", 0.5, value - 0.5, 0.7)


def test_sensitive_headlines_are_in_steps_with_a_rounded_base(release_of: ReleaseOf) -> None:
    rows = [headline("goal_helped_rate", 22, 33), headline("goal_helped_rate", 10, 33, "study_mode", "group")]
    release = release_of({"scorecard": rows})
    columns = ("numerator", "denominator", "value", "previous", "delta", "target", "benchmark", "status")
    # The status is that of 65 %, as shown: the exact share's would tell more of it.
    assert figures(release, "scorecard", *columns) == [None, 35, 0.65, None, None, 0.85, 0.7, "missed"]
    assert release.frames["scorecard"]["suppressed"].tolist() == [False]


@pytest.mark.parametrize(
    ("count", "base", "said"),
    [(12, 22, "withheld"), (28, 33, "withheld"), (9, 33, "<10"), (4, 8, "<10")],
)
def test_a_sensitive_headline_of_few_is_suppressed(release_of: ReleaseOf, count: int, base: int, said: str) -> None:
    release = release_of({"scorecard": [headline("survey_response_rate", count, base)]})
    assert release.frames["scorecard"]["suppressed"].tolist() == [True]
    assert figures(release, "scorecard", "label", "denominator", "value", "status") == [
        "survey_response_rate",
        None,
        None,
        None,
    ]
    assert release.labels["scorecard"]["value"].tolist() == [said]


def test_a_survey_is_one_decision_in_every_table(release_of: ReleaseOf) -> None:
    """The share that goes for what the others leave goes from the terms and the scorecard, too."""
    counts = {"a": 14, "b": 19, "c": 2}
    term_rows = [("t1", "year-1", "q", name, 35, count, count / 35, True) for name, count in counts.items()]
    release = release_of(
        {
            "survey": [choice(count, 35, option=name) for name, count in counts.items()],
            "term_surveys": term_rows,
            "scorecard": [headline("goal_helped_rate", 14, 35)],
            "terms": [("t1", "goal_helped_rate", 14, 35, 0.4, True, "year-1", AS_OF)],
        },
        surveys=SINGLE,
    )
    assert shares(release) == shares(release, "term_surveys") == {"a": None, "b": 0.55, "c": None}
    assert figures(release, "scorecard", "value", "status") == figures(release, "terms", "value", "numerator")
    assert figures(release, "scorecard", "value") == [None]


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
    assert release.labels["survey"]["chosen"].tolist() == [None, "withheld", None]  # together they may be many


def test_words_of_many_are_named_in_every_slice(release_of: ReleaseOf) -> None:
    rows = written({"friends": 20, "mine": 1}) + written({"friends": 2, "mine": 0}, "cohort", "2021-H2")
    frame = release_of({"survey": rows}).frames["survey"]
    assert list(zip(frame["option"], frame["slice"], frame["suppressed"], strict=True)) == [
        ("friends", "all", False),
        ("friends", "2021-H2", False),
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
    assert figures(release, "survey", "answered", "chosen", "share") == [50, None, None]
