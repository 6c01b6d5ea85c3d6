"""Surveys by hand: ``kpi.survey``, ``kpi.survey_ratings``, ``kpi.survey_response``.

Belongs here: populations, answers, shares, Wilson's interval. Does not belong here: how forms write them (``forms``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import sqrt

from .calendar import PERSONS, Line, Slice, line, quantile, rate, rows_of, slices_of
from .doings import FINAL, FINAL_OPEN, MIDTERM, STRANGER
from .facts import AS_OF, Facts
from .people import Row, day, lines

COHORTS_ASKED = {"midterm": ["fall"], "final": ["fall", "spring"]}
WORDS = {"예": "yes", "아니오": "no"}
LIKED = {"a": "practice", "b": "lectures", "c": "company", "d": "seat"}
OPTIONS = {
    ("midterm", "stay"): ["yes", "no"],
    ("final", "helped"): ["yes", "no"],
    ("final", "liked"): [*LIKED.values()],
    ("final", "satisfaction"): [str(mark) for mark in range(1, 6)],
    ("final", "recommend"): [str(mark) for mark in range(11)],
}


@dataclass(frozen=True)
class Response:
    """``person`` is none where it is anonymous; ``answers``: what was chosen, by question."""

    survey: str
    person: str | None
    on: date
    answers: dict[str, list[str]]


def responses(survey: str) -> list[Response]:
    """What counts: by the day of the figures, of nobody who is no member, the last of each person."""
    every = [*_midterm()] if survey == "midterm" else [*_final()]
    known = [one for one in every if one.on <= AS_OF and (one.person is None or one.person in PERSONS)]
    last = {one.person: one for one in known if one.person}
    return [one for one in known if one.person is None] + list(last.values())


def _midterm() -> Iterator[Response]:
    for person, at, word in sorted(MIDTERM, key=lambda one: one[1]):
        yield Response("midterm", person, day(at.partition("@")[0]), {"stay": [WORDS[word]]})


def _final() -> Iterator[Response]:
    for person, at, satisfaction, recommend, helped, liked in sorted(lines(FINAL), key=lambda one: one[1]):
        given = {
            "satisfaction": [satisfaction],
            "recommend": [recommend],
            "helped": [helped],
            "liked": [LIKED.get(letter, "-") for letter in liked],
        }
        answers = {name: words for name, words in given.items() if words != ["-"]}
        yield Response("final", None if person == "-" else person, day(at.partition("@")[0]), answers)


def _days(survey: str) -> tuple[date, date]:
    """From when to when it was open: declared, else from the first response to the last."""
    if survey == "final":
        return day(FINAL_OPEN[0]), day(FINAL_OPEN[1])
    days = [day(at.partition("@")[0]) for person, at, _ in MIDTERM if person != STRANGER]
    return min(days), max(days)


def population(survey: str) -> set[str]:
    """Learners of its cohorts who had begun by its end and had not left before it."""
    opens, closes = _days(survey)
    return {
        person
        for person in PERSONS
        for row in rows_of(person)
        if row.cohort in COHORTS_ASKED[survey]
        and row.role in ("learner", None)
        and row.begins <= closes
        and (row.left is None or row.left >= opens)
    }


def _slices(survey: str, person: str | None) -> list[Slice]:
    """Of the latest row among the survey's cohorts."""
    rows = [row for row in rows_of(person or "") if row.cohort in COHORTS_ASKED[survey]]
    latest: Row | None = max(rows, key=lambda row: (row.begins, row.cohort), default=None)
    return slices_of(latest)


def survey_response(_: Facts) -> Iterator[Line]:
    """``kpi.survey_response``: of the population, and those without a name."""
    for survey in COHORTS_ASKED:
        asked: dict[Slice, int] = defaultdict(int)
        returned: dict[Slice, int] = defaultdict(int)
        for person in population(survey):
            for where in _slices(survey, person):
                asked[where] += 1
        for one in responses(survey):
            for where in _slices(survey, one.person):
                returned[where] += one.person is None or one.person in population(survey)
        for where in {*asked, *(where for where, count in returned.items() if count)}:
            figures = {"population": asked[where], "respondents": returned[where]}
            yield line(("survey",), (survey,), where, **figures, response_rate=rate(returned[where], asked[where]))


def _by_slice(survey: str) -> dict[Slice, list[Response]]:
    found: dict[Slice, list[Response]] = defaultdict(list)
    for one in responses(survey):
        for where in _slices(survey, one.person):
            found[where].append(one)
    return found


def shares(_: Facts) -> Iterator[Line]:
    """``kpi.survey``: every option that somebody chose."""
    for (survey, question), options in OPTIONS.items():
        for where, found in _by_slice(survey).items():
            given = [one.answers[question] for one in found if question in one.answers]
            for option in options:
                chosen = sum(option in answer for answer in given)
                if not any(option in one.answers.get(question, ()) for one in responses(survey)):
                    continue
                low, high = wilson(chosen, len(given)) if given else (None, None)
                yield line(
                    ("survey", "question", "option"),
                    (survey, question, option),
                    where,
                    respondents=len(found),
                    answered=len(given),
                    chosen=chosen,
                    share=rate(chosen, len(given)),
                    ci_low=low,
                    ci_high=high,
                )


def wilson(chosen: int, answered: int) -> tuple[float, float]:
    """The 95 % score interval: the two shares p at which (share - p)² = z² p (1 - p) / n."""
    z, n = 1.959963984540054, answered
    share = chosen / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def ratings(_: Facts) -> Iterator[Line]:
    """``kpi.survey_ratings``."""
    for question in ("satisfaction", "recommend"):
        for where, found in _by_slice("final").items():
            marks = [int(one.answers[question][0]) for one in found if question in one.answers]
            if not marks:
                continue
            balance = sum((mark >= 9) - (mark <= 6) for mark in marks)
            yield line(
                ("survey", "question"),
                ("final", question),
                where,
                answered=len(marks),
                mean=rate(sum(marks), len(marks)),
                median=quantile(marks),
                p10=quantile(marks, Fraction(1, 10)),
                p90=quantile(marks, Fraction(9, 10)),
                nps=Fraction(100 * balance, len(marks)) if question == "recommend" else None,
            )
