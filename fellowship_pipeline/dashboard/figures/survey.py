"""Survey: what respondents chose, with intervals, and how many answered.

Belongs here: figures of kpi.survey, kpi.survey_ratings and kpi.survey_response. Does not belong here: free text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fellowship_pipeline.dashboard.dots import MARKS, Dot, dots
from fellowship_pipeline.dashboard.figures.cohort import closed_scope
from fellowship_pipeline.dashboard.figures.wording import titled
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.scene import WHOLE, Row, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import DASH, Voice

MOST = 14
LOW_RESPONSE = 0.5


@dataclass(frozen=True)
class Statement:
    """One option of one question, with its row of each survey that asked it."""

    name: str
    by_survey: dict[str, Row]


def selection(scene: Scene, table_name: str, chosen: Slice) -> tuple[list[Row], Slice]:
    """The rows of the selected closed cohort, else those of the whole program."""
    rows = scene.of(table_name, chosen)
    return (rows, chosen) if rows else (scene.of(table_name, WHOLE), WHOLE)


def order(scene: Scene, rows: list[Row]) -> list[str]:
    """The surveys, as program.yaml lists them, then by name."""
    listed = [survey.id for survey in scene.program.surveys]
    return sorted(
        {row["survey"] for row in rows}, key=lambda name: (listed.index(name) if name in listed else 99, name)
    )


def statements(rows: list[Row], ratings: set[str], declared: list[str]) -> list[Statement]:
    """Options in the order of program.yaml, most chosen first; the values of a rating are not statements."""
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        if row["question"] not in ratings:
            found.setdefault((row["question"], row["option"]), {})[row["survey"]] = row

    def most(by_survey: dict[str, Row]) -> float:
        return max((known(row["share"]) or -1 for row in by_survey.values()), default=-1)

    def place(question: str) -> int:
        return declared.index(question) if question in declared else len(declared)

    ranked = sorted(found.items(), key=lambda item: (place(item[0][0]), item[0][0], -most(item[1]), item[0][1]))
    return [Statement(f"{question}: {option}", by_survey) for (question, option), by_survey in ranked]


def response(scene: Scene, chosen: Slice, surveys: list[str], words: Voice) -> tuple[str, bool]:
    """Who answered of those asked, survey by survey, and whether any response is low."""
    said, low = [], False
    rows = {row["survey"]: row for row in scene.of("survey_response", chosen)}
    for survey in surveys:
        row = rows.get(survey)
        if row is None or known(row["respondents"]) is None:
            continue
        rate = known(row["response_rate"])
        low = low or (rate is not None and rate < LOW_RESPONSE)
        said.append(
            words(
                "survey.response" if rate is not None else "survey.response_count",
                survey=survey,
                respondents=words.integer(row["respondents"]),
                population=DASH if known(row["population"]) is None else words.integer(row["population"]),
                rate="" if rate is None else words.percent(rate, 0),
            )
        )
    return " ".join(said), low


def finding(scene: Scene, chosen: Slice, shown: list[Statement], surveys: list[str], words: Voice) -> str:
    """The question behind goal_helped_rate, of the latest survey that has it; else the statement chosen most."""
    goals = {survey.id: survey.goal_helped for survey in scene.program.surveys if survey.goal_helped}
    for survey in reversed(surveys):
        goal = goals.get(survey)
        if goal is None:
            continue
        for statement in shown:
            row = statement.by_survey.get(survey)
            if row and (row["question"], row["option"]) == (goal.question, goal.option):
                share = known(row["share"])
                if share is not None:
                    return words("survey.title_goal", share=words.percent(share, 0), survey=survey)
    best = [
        (known(row["share"]), statement.name, survey)
        for statement in shown
        for survey, row in statement.by_survey.items()
        if known(row["share"]) is not None
    ]
    if not best:
        return words("survey.hidden")
    share, name, survey = max(best, key=lambda item: (item[0] or 0, item[1]))
    return words("survey.title", name=name, share=words.percent(share or 0, 0), survey=survey)


def survey(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A dot and its interval for each option and survey."""
    rows, cut = selection(scene, "survey", chosen)
    if not rows:
        return None
    surveys = order(scene, rows)[-len(MARKS) :]
    rated = {row["question"] for row in scene.rows("survey_ratings")}
    mapped = scene.program.sources.get("survey_responses", [])
    declared = [question for asked in scene.program.surveys for question in asked.questions]
    declared += [question for entry in mapped for question in entry.questions]
    shown = statements([row for row in rows if row["survey"] in surveys], rated, declared)
    answered, low = response(scene, cut, surveys, words)
    more = " " + words("rows.first", count=MOST, all=words.integer(len(shown))) if len(shown) > MOST else ""
    fields = (
        Field("survey", words("column.survey"), "text"),
        Field("question", words("column.question"), "text"),
        Field("option", words("column.option"), "text"),
        Field("answered", words("column.answered"), "int"),
        Field("chosen", words("column.chosen"), "int"),
        Field("share", words("column.share"), "share"),
        Field("ci_low", words("column.ci_low"), "share"),
        Field("ci_high", words("column.ci_high"), "share"),
    )
    label = scene.label("sensitive")
    return View(
        titled(finding(scene, cut, shown, surveys, words), cut, words),
        words("survey.subtitle") + (" " + answered if answered else "") + more,
        table(fields, rows, label, words),
        partial(draw_survey, shown[:MOST], surveys, label, words) if shown else None,
        scope=closed_scope(cut, chosen, words),
        caution=words("survey.caution") if low else "",
    )


def draw_survey(shown: list[Statement], surveys: list[str], label: str, words: Voice, narrow: bool) -> Drawing:
    """Rows of options, one lane a survey."""
    rows = [
        (statement.name, [_dot(statement.by_survey.get(name), label, words) for name in surveys]) for statement in shown
    ]
    return dots(rows, surveys, narrow)


def _dot(row: Row | None, label: str, words: Voice) -> Dot:
    if row is None:
        return Dot(words("survey.not_asked"))
    if is_hidden(row["chosen"]):
        return Dot(words("survey.answers", label=shown_as(row["chosen"], label)), hidden=True)
    share, low, high = (known(row[field]) for field in ("share", "ci_low", "ci_high"))
    if share is None:
        return Dot(DASH)
    said = words.percent(share, 0)
    if low is not None and high is not None:
        said += f" {round(low * 100)}–{round(high * 100)}"
    return Dot(said, share, low, high)


def ratings(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """Mean ratings and their spread, as a table."""
    rows, cut = selection(scene, "survey_ratings", chosen)
    if not rows:
        return None
    known_means = [row for row in rows if known(row["mean"]) is not None]
    fields = (
        Field("survey", words("column.survey"), "text"),
        Field("question", words("column.question"), "text"),
        Field("answered", words("column.answered"), "int"),
        Field("mean", words("column.mean"), "decimal"),
        Field("median", words("column.median"), "decimal"),
        Field("p10", words("column.p10"), "decimal"),
        Field("p90", words("column.p90"), "decimal"),
        Field("nps", words("column.nps"), "decimal"),
    )
    if not known_means:
        title = words("ratings.hidden")
    else:
        best = max(known_means, key=lambda row: (row["mean"], row["question"]))
        title = words(
            "ratings.title", question=best["question"], mean=words.decimal(best["mean"]), survey=best["survey"]
        )
    return View(
        titled(title, cut, words),
        words("ratings.subtitle"),
        table(fields, rows, scene.label("sensitive"), words),
        scope=closed_scope(cut, chosen, words),
    )
