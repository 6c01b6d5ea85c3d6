"""The survey in words: who answered of those asked, what they chose with its interval, how they rated.

Belongs here: wording of kpi.survey, kpi.survey_ratings and kpi.survey_response for print. Does not belong here: free
text (``quotes``), figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellowship_pipeline.dashboard.figures.survey import response
from fellowship_pipeline.dashboard.figures.wording import cell
from fellowship_pipeline.dashboard.scene import WHOLE, Row, Scene, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.program.rows import survey_questions


@dataclass(frozen=True)
class AskedQuestion:
    """A question, and its options in words, most chosen first."""

    name: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class SurveyWords:
    """A survey: who answered, how far that carries, what they said."""

    name: str
    answered: str
    caution: str
    questions: tuple[AskedQuestion, ...]


def surveys(scene: Scene, words: Voice, own: Voice) -> list[SurveyWords]:
    """Every survey of the scene, in the order of program.yaml."""
    chosen, rated = scene.of("survey", WHOLE), scene.of("survey_ratings", WHOLE)
    listed = [survey.id for survey in scene.program.surveys]
    names = {row["survey"] for row in (*chosen, *rated, *scene.of("survey_response", WHOLE))}
    ordered = sorted(names, key=lambda name: (listed.index(name) if name in listed else len(listed), name))
    return [_survey(scene, name, words, own) for name in ordered]


def _survey(scene: Scene, name: str, words: Voice, own: Voice) -> SurveyWords:
    answered, is_low = response(scene, WHOLE, [name], words)
    names = scene.labels(words.language)
    ratings = {row["question"]: row for row in scene.of("survey_ratings", WHOLE) if row["survey"] == name}
    options: dict[str, list[Row]] = {}
    for row in scene.of("survey", WHOLE):
        if row["survey"] == name and row["question"] not in ratings:
            options.setdefault(row["question"], []).append(row)
    declared = [asked for survey, asked in survey_questions(scene.program) if survey == name]
    order = sorted({*options, *ratings}, key=lambda asked: (_place(asked, declared), asked))
    questions = [
        AskedQuestion(
            names.question(name, question),
            (_rating(scene, ratings[question], words, own),)
            if question in ratings
            else tuple(_option(scene, row, words, own) for row in _most_chosen(options[question])),
        )
        for question in order
    ]
    return SurveyWords(
        names.survey(name),
        answered or own("survey.withheld"),
        words("survey.caution") if is_low else "",
        tuple(questions),
    )


def _place(name: str, declared: list[str]) -> int:
    return declared.index(name) if name in declared else len(declared)


def _most_chosen(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-(known(row["share"]) or -1), row["option"]))


def _option(scene: Scene, row: Row, words: Voice, own: Voice) -> str:
    """An option: its share, the interval in words, and counts; of an option whose count is withheld neither."""
    option = scene.labels(words.language).option(row["survey"], row["question"], row["option"])
    if is_hidden(row["chosen"]):
        stands = words("survey.answers", label=words.withheld(shown_as(row["chosen"])))
        return own("survey.option", option=option, said=stands)
    share, low, high = (known(row[name]) for name in ("share", "ci_low", "ci_high"))
    if share is None:
        stands = words.withheld(shown_as(row["share"])) if is_hidden(row["share"]) else own("survey.none")
        return own("survey.option", option=option, said=stands)
    said = words.whole(share)
    if low is not None and high is not None:
        said = own("survey.interval", share=said, low=words.whole(low), high=words.whole(high))
    if known(row["chosen"]) is not None and known(row["answered"]) is not None:
        counts = {name: words.integer(row[name]) for name in ("chosen", "answered")}
        said = own("survey.counted", None, said=said, **counts)
    return own("survey.option", option=option, said=said)


def _rating(scene: Scene, row: Row, words: Voice, own: Voice) -> str:
    """A rating: mean, median and, of a scale to 10, the net promoter score."""
    said = [own(f"survey.{name}", value=cell(row[name], words, words.decimal)) for name in ("mean", "median")]
    if row["nps"] is not None:
        said.append(own("survey.nps", value=cell(row["nps"], words, words.integer)))
    if known(row["answered"]) is not None:
        said.append(own("survey.raters", answered=words.integer(row["answered"])))
    return ", ".join(said)
