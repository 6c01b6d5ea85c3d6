"""Year over year: the headline KPIs and survey answers of each term, drawn where they can be compared.

Belongs here: figures of kpi.terms and kpi.term_surveys. Does not belong here: the scorecard of today (``tiles``).
"""

from __future__ import annotations

import sys
from functools import partial

from fellowship_pipeline.contracts import HEADLINES
from fellowship_pipeline.dashboard.dots import MARKS, Dot, dots
from fellowship_pipeline.dashboard.figures.wording import cell, first_of, labeled, shows
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.scene import Row, Scene, Slice, is_hidden, known
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import DASH, Voice
from fellowship_pipeline.program.labels import Labels

MOST = 16
NAMES = {headline.kpi: headline for headline in HEADLINES}


def kpi_name(kpi: str, words: Voice) -> str:
    """A headline KPI's name in the page's language."""
    return NAMES[kpi].label[words.language] if kpi in NAMES else kpi


def latest(scene: Scene, rows: list[Row]) -> list[str]:
    """The last terms that there is a mark for, in the order of program.yaml."""
    order = [term.id for term in scene.program.terms]
    names = {row["term"] for row in rows}
    return sorted(names, key=lambda name: (order.index(name) if name in order else -1, name))[-len(MARKS) :]


def comparable(by_term: dict[str, Row]) -> bool:
    """Whether all terms may be compared by this."""
    return all(row["comparable"] for row in by_term.values())


def compared(row: Row, words: Voice) -> str:
    """The same in words."""
    return words("terms.comparable" if row["comparable"] else "terms.not_comparable")


def caution(differing: list[str], words: Voice) -> str:
    """Names what cannot be compared, if there is any."""
    return words("terms.caution", listed=words.listing(differing)) if differing else ""


def terms(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """A dot a term for each headline KPI."""
    rows = scene.rows("terms")
    if not rows:
        return None
    lanes = latest(scene, rows)
    by_kpi: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_kpi.setdefault(row["kpi"], {})[row["term"]] = row
    listed = sorted(by_kpi, key=lambda kpi: (list(NAMES).index(kpi) if kpi in NAMES else len(NAMES), kpi))
    fields = (
        Field("name", words("column.kpi"), "text"),
        Field("term", words("column.term"), "text"),
        Field("numerator", words("column.numerator"), "int"),
        Field("denominator", words("column.denominator"), "int"),
        Field("value", words("column.value"), "rate"),
        Field("compared", words("column.compared"), "text"),
    )
    names = scene.labels(words.language)
    named = [
        row | {"name": kpi_name(row["kpi"], words), "term": names.term(row["term"]), "compared": compared(row, words)}
        for row in rows
    ]
    differing = [kpi_name(kpi, words) for kpi in listed if not comparable(by_kpi[kpi])]
    alike = [(kpi, by_kpi[kpi]) for kpi in listed if comparable(by_kpi[kpi]) and shows(by_kpi[kpi].values(), "value")]
    return View(
        finding(by_kpi, lanes, names, words),
        words("terms.subtitle") + first_of(alike, MOST, words),
        table(fields, named, words),
        partial(draw_terms, alike[:MOST], {term: names.term(term) for term in lanes}, words) if alike else None,
        caution=caution(differing, words),
    )


def finding(by_kpi: dict[str, dict[str, Row]], lanes: list[str], names: Labels, words: Voice) -> str:
    """The first comparable headline that the last two terms both have."""
    for kpi in NAMES:
        if len(lanes) < 2 or kpi not in by_kpi or not comparable(by_kpi[kpi]):
            continue
        before, now = (by_kpi[kpi].get(term) for term in lanes[-2:])
        if before and now and known(before["value"]) is not None and known(now["value"]) is not None:
            return words(
                "terms.title",
                kpi=kpi_name(kpi, words),
                before=words.whole(before["value"]),
                now=words.whole(now["value"]),
                first=names.term(lanes[-2]),
                second=names.term(lanes[-1]),
            )
    return words("terms.plain")


def draw_terms(listed: list[tuple[str, dict[str, Row]]], lanes: dict[str, str], words: Voice, narrow: bool) -> Drawing:
    """One lane a term, by its name."""
    rows = [(kpi_name(kpi, words), [_dot(by_term.get(term), kpi, words) for term in lanes]) for kpi, by_term in listed]
    return dots(rows, [*lanes.values()], narrow)


def _dot(row: Row | None, kpi: str, words: Voice) -> Dot:
    """A value above 100% has no place on the scale and stands as a number alone."""
    if row is None:
        return Dot(DASH)
    value = known(row["value"])
    sensitive = kpi not in NAMES or NAMES[kpi].measure == "sensitive"
    said = cell(row["value"], words, words.whole if sensitive else words.percent)
    return Dot(said, value if value is not None and value <= 1 else None, hidden=is_hidden(row["value"]))


def answers(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """A dot a term for each answer that the terms' surveys offered."""
    rows = scene.rows("term_surveys")
    if not rows:
        return None
    lanes = latest(scene, rows)
    by_answer: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        by_answer.setdefault((row["question"], row["option"]), {})[row["term"]] = row
    listed = sorted(by_answer, key=lambda answer: (answer[0], numbered(answer[1])))
    names = scene.labels(words.language)
    alike = [
        (answer_name(question, option, by_answer[question, option], names), by_answer[question, option])
        for question, option in listed
        if comparable(by_answer[question, option]) and shows(by_answer[question, option].values(), "share")
    ]
    differing = sorted({question for question, option in listed if not comparable(by_answer[question, option])})
    same = sorted({question for question, _ in listed} - set(differing))
    fields = (
        Field("term", words("column.term"), "text"),
        Field("survey", words("column.survey"), "text"),
        Field("question", words("column.question"), "text"),
        Field("option", words("column.option"), "text"),
        Field("answered", words("column.answered"), "int"),
        Field("chosen", words("column.chosen"), "int"),
        Field("share", words("column.share"), "share"),
        Field("compared", words("column.compared"), "text"),
    )
    names = scene.labels(words.language)
    named = [labeled(row, names) | {"term": names.term(row["term"]), "compared": compared(row, words)} for row in rows]
    if same and differing:
        title = words("term_surveys.title", count=len(same), differing=words.integer(len(differing)))
    else:
        title = words("term_surveys.title_same" if same else "term_surveys.title_none")
    return View(
        title,
        words("term_surveys.subtitle") + first_of(alike, MOST, words),
        table(fields, named, words),
        partial(draw_answers, alike[:MOST], {term: names.term(term) for term in lanes}, words) if alike else None,
    )


def answer_name(question: str, option: str, by_term: dict[str, Row], names: Labels) -> str:
    """A question and an answer to it, as the latest of the surveys calls them."""
    survey = [*by_term.values()][-1]["survey"]
    return f"{names.question(survey, question)}: {names.option(survey, question, option)}"


def numbered(option: str) -> tuple[int, str]:
    """Numbers by size, before words."""
    return (int(option) if option.isdecimal() else sys.maxsize, option)


def draw_answers(
    listed: list[tuple[str, dict[str, Row]]], lanes: dict[str, str], words: Voice, narrow: bool
) -> Drawing:
    """One lane a term, by its name."""
    rows = [(name, [_answered(by_term.get(term), words) for term in lanes]) for name, by_term in listed]
    return dots(rows, [*lanes.values()], narrow)


def _answered(row: Row | None, words: Voice) -> Dot:
    if row is None:
        return Dot(words("survey.not_asked"))
    said = cell(row["share"], words, words.whole)
    return Dot(said, known(row["share"]), hidden=is_hidden(row["share"]))
