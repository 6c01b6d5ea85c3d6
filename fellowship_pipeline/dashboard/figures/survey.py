"""Survey: what respondents chose, with intervals, and how many answered.

Belongs here: figures of kpi.survey, kpi.survey_ratings and kpi.survey_response. Does not belong here: free text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fellowship_pipeline.dashboard.dots import MARKS, Dot, dots
from fellowship_pipeline.dashboard.drawing import shorten
from fellowship_pipeline.dashboard.figures.cohort import closed_scope
from fellowship_pipeline.dashboard.figures.wording import cell, first_of, labeled, shows, titled
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.scene import WHOLE, Row, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import DASH, Voice
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.labels import Labels, asked_as

MOST = 12
ANSWER = 16
"""What of an answer stands beside its dot, in letters of Latin width."""

LOW_RESPONSE = 0.5


@dataclass(frozen=True)
class ChosenAnswer:
    """A question, and of each survey that asked it the row of the answer most chosen."""

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


def questions(rows: list[Row], ratings: set[str], declared: list[str], names: Labels) -> list[ChosenAnswer]:
    """Questions in the order of program.yaml, as people call them and their answers; ratings have means instead."""
    found: dict[str, dict[str, Row]] = {}
    for row in sorted(rows, key=lambda row: (-(known(row["share"]) or -1), row["option"])):
        if row["question"] not in ratings:
            found.setdefault(row["question"], {}).setdefault(row["survey"], row)
    labels = {name: names.question([*by_survey][-1], name) for name, by_survey in found.items()}

    def place(question: str) -> int:
        return declared.index(question) if question in declared else len(declared)

    return [
        ChosenAnswer(labels[name], {survey: labeled(row, names) for survey, row in found[name].items()})
        for name in sorted(found, key=lambda name: (place(name), name))
    ]


def response(scene: Scene, chosen: Slice, surveys: list[str], words: Voice) -> tuple[str, bool]:
    """Who answered of those asked, survey by survey, and whether any response is low."""
    said, low, names = [], False, scene.labels(words.language)
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
                survey=names.survey(survey),
                respondents=words.integer(row["respondents"]),
                population=DASH if known(row["population"]) is None else words.integer(row["population"]),
                rate="" if rate is None else words.percent(rate, 0),
            )
        )
    return " ".join(said), low


def finding(scene: Scene, rows: list[Row], shown: list[ChosenAnswer], surveys: list[str], words: Voice) -> str:
    """The question behind goal_helped_rate, of the latest survey that has it; else the answer chosen most."""
    names = scene.labels(words.language)
    goals = {survey.id: survey.goal_helped for survey in scene.program.surveys if survey.goal_helped}
    for survey in reversed(surveys):
        goal = goals.get(survey)
        for row in rows if goal else ():
            asked = (row["survey"], row["question"], row["option"])
            if goal and asked == (survey, goal.question, goal.option) and (share := known(row["share"])) is not None:
                return words("survey.title_goal", share=words.whole(share), survey=names.survey(survey))
    best = [row for asked in shown for row in asked.by_survey.values() if known(row["share"]) is not None]
    if not best:
        return words("survey.hidden")
    most = max(best, key=lambda row: (row["share"], row["question"]))
    return words(
        "survey.title",
        question=most["question"],
        option=most["option"],
        share=words.whole(most["share"]),
        survey=most["survey"],
    )


def survey(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A dot and its interval for the answer most chosen to each question, by survey."""
    rows, cut = selection(scene, "survey", chosen)
    if not rows:
        return None
    surveys = order(scene, rows)[-len(MARKS) :]
    rated = {row["question"] for row in scene.rows("survey_ratings")}
    mapped = scene.program.sources.get("survey_responses", [])
    declared = [question for asked in scene.program.surveys for question in asked.questions]
    declared += [question for entry in mapped for question in entry.questions]
    names = scene.labels(words.language)
    asked = questions([row for row in rows if row["survey"] in surveys], rated, declared, names)
    shown = [one for one in asked if shows(one.by_survey.values(), "share")]
    few = len(asked) - len(shown)
    answered, low = response(scene, cut, surveys, words)
    more = (" " + words("survey.few", count=few) if few and shown else "") + first_of(shown, MOST, words)
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
    return View(
        titled(finding(scene, rows, shown, surveys, words), cut, words),
        words("survey.subtitle", minimum=scene.program.privacy.sensitive_minimum)
        + (" " + answered if answered else "")
        + more,
        table(fields, [labeled(row, names) for row in rows], words),
        partial(draw_survey, shown[:MOST], {one: names.survey(one) for one in surveys}, words) if shown else None,
        scope=closed_scope(cut, chosen, words),
        caution=words("survey.caution") if low else "",
    )


def draw_survey(shown: list[ChosenAnswer], surveys: dict[str, str], words: Voice, narrow: bool) -> Drawing:
    """A row a question: what most who were asked it answered, by survey."""
    rows = [
        (asked.name, [_dot(row, words, narrow) if (row := asked.by_survey.get(one)) else None for one in surveys])
        for asked in shown
    ]
    return dots(rows, [*surveys.values()], narrow, told=True)


def _dot(row: Row, words: Voice, narrow: bool) -> Dot:
    if is_hidden(row["chosen"]):
        return Dot(words("survey.answers", label=words.withheld(shown_as(row["chosen"]))), hidden=True)
    share, low, high = (known(row[field]) for field in ("share", "ci_low", "ci_high"))
    if share is None:
        return Dot(cell(row["share"], words, words.whole), hidden=is_hidden(row["share"]))
    said = f"{words.whole(share)} {shorten(row['option'], ANSWER)}"
    if low is not None and high is not None and not narrow:  # where there is no room, the line alone has it
        said += f" {words.whole(low).removesuffix('%')}–{words.whole(high).removesuffix('%')}"
    return Dot(said, share, low, high)


def ratings(scene: Scene, chosen: Slice, words: Voice) -> View | None:
    """A dot a survey for the mean rating of each question, on the question's own scale."""
    rows, cut = selection(scene, "survey_ratings", chosen)
    if not rows:
        return None
    names = scene.labels(words.language)
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
        best = labeled(max(known_means, key=lambda row: (row["mean"], row["question"])), names)
        title = words(
            "ratings.title", question=best["question"], mean=words.decimal(best["mean"]), survey=best["survey"]
        )
    surveys = {one: names.survey(one) for one in order(scene, known_means)[-len(MARKS) :]}
    drawn = {
        names.question(row["survey"], row["question"]): {
            other["survey"]: _rated(other, scene.program, words)
            for other in known_means
            if other["question"] == row["question"]
        }
        for row in reversed(known_means)
    }
    scores = [
        words("ratings.score", survey=names.survey(row["survey"]), nps=words.integer(row["nps"]))
        for row in known_means
        if known(row["nps"]) is not None
    ]
    return View(
        titled(title, cut, words),
        words("ratings.subtitle") + (" " + words("ratings.nps", listed=", ".join(scores)) if scores else ""),
        table(fields, [labeled(row, names) for row in rows], words),
        partial(draw_ratings, drawn, surveys, words) if drawn else None,
        scope=closed_scope(cut, chosen, words),
    )


def _rated(row: Row, program: Program, words: Voice) -> Dot:
    """A mean where it stands on the question's scale; a number alone where program.yaml has no scale."""
    scales = (one.scale for one in asked_as(program, row["survey"], row["question"]) if one.scale)
    low, high = next(scales, (0, 0))
    share = (row["mean"] - low) / (high - low) if high > low else None
    return Dot(f"{words.decimal(row['mean'])}", share)


def draw_ratings(rated: dict[str, dict[str, Dot]], surveys: dict[str, str], words: Voice, narrow: bool) -> Drawing:
    """A row a question, from the lowest rating of its scale to the highest."""
    rows = [(question, [by_survey.get(one) for one in surveys]) for question, by_survey in rated.items()]
    return dots(rows, [*surveys.values()], narrow, ends=(words("ratings.lowest"), words("ratings.highest")))
