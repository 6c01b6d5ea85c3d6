"""What a report says, of rows that are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fellowship_pipeline.contracts import HEADLINES
from fellowship_pipeline.dashboard.context import SourceCoverage
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.report.contents import FIGURES, PLAN, TABLES, ReportContents, ReportMaker
from fellowship_pipeline.report.page import LOCALE
from fellowship_pipeline.report.period import periods
from tests.dashboard import synthetic
from tests.report.conftest import QUOTES, program

GOAL = next(headline.label["en"] for headline in HEADLINES if headline.kpi == "goal_helped_rate")


def contents(
    release: Release, settings: Program | None = None, *, at: int = 0, language: str = "en", **about: Any
) -> ReportContents:
    """The report of the latest period, or of one before it."""
    settings = settings or program()
    period = periods(release, settings)[at]
    maker = ReportMaker(release, settings, synthetic.page(**about), QUOTES, period)
    return maker.contents(Voice(language), Voice(language, LOCALE))


def of_rows(**changed: list[dict[str, Any]]) -> Release:
    """The synthetic release with other rows of some tables."""
    return synthetic.release(synthetic.tables() | changed)


def headline(kpi: str, term: str, value: float | None, **more: Any) -> dict[str, Any]:
    row = {"term": term, "kpi": kpi, "numerator": 90, "denominator": 100, "value": value, "comparable": True}
    return row | {"subject": None, "ends_on": date(2023, 7, 30)} | more


def test_the_plan_names_figures_and_columns_that_there_are() -> None:
    assert {key for plan in PLAN for key in (*plan.figures, *plan.as_of_today)} <= FIGURES.keys()
    assert TABLES.keys() <= FIGURES.keys()


def test_the_renewal_figures_are_those_of_the_term_beside_everything_they_are_compared_with(release: Release) -> None:
    adoption, engagement = contents(release).deciding
    assert (adoption.label, adoption.value, adoption.state) == ("Adoption rate", "95.1%", "met")
    assert dict(adoption.beside)["Target"] == "90%"
    assert dict(adoption.beside)["year-1"] == "87.5%"
    assert dict(adoption.beside)["Count"] == "391 / 411"
    assert adoption.standing.startswith("Target of 90% met.")
    assert (engagement.value, engagement.state) == ("61.9%", "met")
    assert engagement.meaning == "Seat holders who studied in the last 30 days"


@pytest.mark.parametrize(
    ("value", "target", "peers", "state", "standing"),
    [
        (0.9, 0.9, 0.9, "met", "Target of 90% met. Level with peers at 90%."),
        (0.8999, 0.9, 0.8, "missed", "Below the target of 90%. Above peers at 80%."),
        (0.5, None, 0.8, "none", "No target is set. Below peers at 80%."),
        (None, 0.9, None, "nothing", "Nothing to count yet."),
    ],
)
def test_where_a_figure_stands(
    value: float | None, target: float | None, peers: float | None, state: str, standing: str
) -> None:
    scorecard = [row | {"benchmark": peers} for row in synthetic.tables()["scorecard"]]
    release = of_rows(terms=[headline("adoption_rate", "year-2", value)], scorecard=scorecard)
    targets = {} if target is None else {"adoption_rate": target}
    (adoption,) = contents(release, program(targets=targets)).deciding
    assert (adoption.state, adoption.standing) == (state, standing)


@pytest.mark.parametrize(("language", "word"), [("en", "<5"), ("ko", "<5")])
def test_what_the_release_withholds_is_withheld_with_the_same_word(language: str, word: str) -> None:
    gone = {"numerator": None, "denominator": None, "suppressed": True}
    release = of_rows(terms=[headline("adoption_rate", "year-2", None, **gone)])
    report = contents(release, language=language)
    (adoption,) = report.deciding
    assert (adoption.value, adoption.state) == (word, "hidden")
    assert [line.now for line in report.headlines] == [word]
    release.labels["terms"].loc[:, "value"] = "withheld"
    assert contents(release, language=language).deciding[0].value == Voice(language)("withheld")


def test_headlines_that_cannot_be_compared_say_so_and_why(release: Release) -> None:
    report = contents(release)
    lines = {line.label: line for line in report.headlines}
    assert lines[GOAL].before == "not comparable"
    assert lines["Engagement rate"].before == "58.7%"
    assert report.limits[0] == (
        "Not comparable between year-1 and year-2, because the question or its answers changed: "
        f"{GOAL} and what_happened."
    )
    assert report.limits[1].startswith("year-2 has 364 days and year-1 has 365")


def test_rules_and_missing_days_of_the_period_are_limits(release: Release) -> None:
    said = contents(release).limits
    assert any(line.startswith("From September 2022 on the review went by another rule") for line in said)
    assert "Activity: 2 days of the period are not covered; what happened on them is missing." in said
    before = contents(release, at=1).limits
    assert not any(line.startswith("From March 2022 on") for line in before)  # the first rule: no other before it
    assert not any("not covered" in line for line in before)


def test_days_after_the_last_file_are_missing_too() -> None:
    late = SourceCoverage("activity", synthetic.START, date(2023, 7, 20), 1, 2, "gaps")
    said = contents(synthetic.release(), coverage=(late,)).limits
    assert "Activity: 10 days of the period are not covered; what happened on them is missing." in said


def test_the_survey_in_words_has_shares_intervals_and_rounded_counts(release: Release) -> None:
    (survey,) = next(part for part in contents(release).parts if part.key == "survey").surveys
    said = {question.name: question.said for question in survey.questions}
    assert survey.answered == "year-2: about 25 of 160 answered (15%)."
    assert survey.caution.startswith("Read with care")
    assert said["helped_goal"] == ("yes: 83%, between 67% and 93% (about 25 of 35)",)
    assert said["recommend"] == ("mean 8.4, median 9, net promoter score 41, about 25 answered",)
    assert said["helped_with"][1] == "<img src=x onerror=alert(1)>: <10 answers"


def test_months_are_printed_as_they_are_released(release: Release) -> None:
    (figure,) = [figure for part in contents(release).parts for figure in part.figures if figure.key == "seats"]
    assert figure.table
    assert figure.table.heads[:3] == ("Month", "Seats bought", "Accepted")  # one pool: no column says it twelve times
    frame = release.frames["seats"]
    months = frame[frame["month"].between("2022-08-01", "2023-06-30")]
    assert [row[2] for row in figure.table.rows] == [f"{number:,}" for number in months["accepted"]]
    assert figure.table.rows[0][0] == "Aug 2022"


def test_what_stands_today_is_in_the_latest_report_only(release: Release) -> None:
    def drawn(report: ReportContents) -> set[str]:
        return {figure.key for part in report.parts for figure in part.figures}

    assert {"courses", "tracks", "missions", "outcomes"} <= drawn(contents(release))
    assert drawn(contents(release, at=1)) & {"courses", "tracks", "missions", "outcomes"} == set()


def test_quotes_are_those_of_the_period_s_surveys(release: Release) -> None:
    assert contents(release).quotes == [("year-2 · words", ["혼자였다면 <b>끝까지</b> 못 했을 거예요."])]
    assert contents(release, at=1).quotes == [("year-1 · words", ["From the first year."])]
    assert len(contents(release, program(terms=[])).quotes) == 2


def test_what_is_asked_for_is_said_in_the_reader_s_language_or_the_one_there_is(release: Release) -> None:
    assert contents(release, language="ko").ask == ["150석을 한 해 더.", "심사는 그대로."]
    assert contents(release, program(report={"ask": {"ko": "한 해 더."}})).ask == ["한 해 더."]
    assert contents(release, program(report={})).ask == []
    assert contents(release, at=1).ask == []  # what is asked for next is asked once


def test_a_program_without_terms_reports_itself_so_far(release: Release) -> None:
    report = contents(release, program(terms=[]))
    of_all = release.frames["scorecard"].query("kpi == 'adoption_rate' and slice_by == 'all'")
    assert [report.deciding[0].value] == [f"{value:.1%}" for value in of_all["value"]]
    assert report.period == "August 2021 to July 2023"
    assert report.limits[0].startswith("The report is of the program so far")


def test_a_program_without_seats_decides_by_what_opens_its_dashboard() -> None:
    rows = synthetic.tables()
    kept = [row for row in rows["scorecard"] if row["kpi"] in ("attendance_rate", "mission_survival_rate")]
    report = contents(of_rows(scorecard=kept, terms=[], seats=[], engagement=[]), program(terms=[]))
    assert [one.kpi for one in report.deciding] == ["mission_survival_rate", "attendance_rate"]


def test_a_release_without_rows_is_a_report_without_parts() -> None:
    empty = synthetic.release({})
    report = contents(replace(empty, as_of=date(2023, 7, 31)))
    assert (list(report.deciding), list(report.parts), list(report.findings)) == ([], [], [])
