"""Programs by chance, person by person, and the KPI rows that they make: who is behind every figure is known.

Belongs here: persons and plain counting. Does not belong here: the formulas of the product, of which nothing is used.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
FIRST = date(2021, 8, 2)
CLOSED, RUNNING = "2021-H2", "2022-H1"
KINDS = ("cohort", "study_mode", "study_group", "track")
QUESTIONS = {"helped": ("yes", "no"), "step": ("job", "study", "none"), "liked": ("a", "b", "c")}
Rows = dict[str, list[tuple[object, ...]]]


@dataclass
class Somebody:
    slices: dict[str, str]
    invited_on: date
    accepted_on: date | None
    left_on: date | None
    days: frozenset[date]
    courses: dict[str, bool]
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    result: str = "passed"

    def holds(self, day: date) -> bool:
        return bool(self.accepted_on and self.accepted_on <= day and (self.left_on is None or day < self.left_on))


def somebody(rng: random.Random, groups: int, tracks: int, until: date) -> Somebody:
    invited_on = FIRST + timedelta(days=int(rng.triangular(0, (until - FIRST).days, 0)))
    accepted_on = invited_on + timedelta(days=rng.randint(0, 9)) if rng.random() < 0.9 else None
    left_on = accepted_on + timedelta(days=rng.randint(20, 200)) if accepted_on and rng.random() < 0.4 else None
    keen = rng.random()
    began = accepted_on or until
    days = frozenset(began + timedelta(days=at) for at in range((until - began).days + 1) if rng.random() < keen * 0.3)
    is_alone = rng.random() < 0.4
    slices = {
        "cohort": CLOSED if invited_on < date(2022, 1, 15) else RUNNING,
        "study_mode": "individual" if is_alone else "group",
        "study_group": "(none)" if is_alone else f"g{min(int(rng.expovariate(0.5)), groups - 1)}",
        "track": f"t{min(int(rng.expovariate(0.5)), tracks - 1)}",
    }
    courses = {f"c{at}": rng.random() < 0.7 for at in range(8) if rng.random() < 0.5 / (at + 1)}
    answers = {}
    if slices["cohort"] == CLOSED or rng.random() < 0.1:
        answers = {
            "helped": (rng.choice(("yes", "yes", "yes", "no")),),
            "step": (rng.choice(("job", "none", "none", "study")),),
            "liked": tuple(one for one in "abc" if rng.random() < 0.4),
            "score": (str(min(10, max(0, int(rng.gauss(8, 2))))),),
        }
    result = rng.choices(("passed", "failed", "pending", "withdrawn"), (20, 3, 1, 1))[0]
    return Somebody(slices, invited_on, accepted_on, left_on, days, courses, answers, result)


def program(seed: int, until: date) -> list[Somebody]:
    """A program of 12 to 150 persons."""
    rng = random.Random(seed)
    size, groups, tracks = rng.choice((12, 25, 40, 60, 90, 150)), rng.randint(1, 8), rng.randint(1, 10)
    return [somebody(rng, groups, tracks, until) for _ in range(size)]


def months(until: date) -> Iterator[date]:
    month = FIRST.replace(day=1)
    while month <= until:
        yield month
        month = (month + 32 * DAY).replace(day=1)


def end_of(month: date) -> date:
    return (month + 32 * DAY).replace(day=1) - DAY


def slices_of(who: Somebody) -> list[tuple[str, str]]:
    return [("all", "all"), *((kind, who.slices[kind]) for kind in KINDS)]


def counted(people: Iterable[Somebody], *tests: Callable[[Somebody], int]) -> dict[tuple[str, str], list[int]]:
    """By slice, how much each test counts of its persons; slices of nobody are left out."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(tests))
    found["all", "all"] = [0] * len(tests)
    for who in people:
        made = [test(who) for test in tests]
        if any(made):
            for one in slices_of(who):
                found[one] = [a + b for a, b in zip(found[one], made, strict=True)]
    return found


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def rows_of(people: list[Somebody], as_of: date) -> Rows:
    """The KPI rows of those persons as of that day."""
    people = [who for who in people if who.invited_on <= as_of]
    rows: Rows = defaultdict(list)
    for month in months(as_of):
        _add_month(rows, people, month, min(end_of(month), as_of))
    day = min((who.accepted_on for who in people if who.accepted_on), default=as_of)
    while day <= as_of:
        for one, (holders, active, one_day, week) in _engaged(people, day).items():
            rate, sticky = share(active, holders), share(one_day, active)
            rows["engagement"].append((day, *one, holders, active, rate, one_day, week, sticky))
        day += DAY
    _add_retention(rows, people, as_of)
    _add_courses(rows, people, as_of)
    _add_survey(rows, people)
    _add_scorecard(rows, people, as_of)
    stages = Counter(who.result for who in people if who.slices["cohort"] == CLOSED)
    entered = sum(stages.values())
    counts = [stages[result] for result in ("passed", "failed", "pending", "withdrawn")]
    rate = share(counts[0], entered)
    rows["applications"] = [(CLOSED, 1, "form", entered, *counts, rate, rate)] if entered else []
    return rows


def _engaged(people: list[Somebody], day: date) -> dict[tuple[str, str], list[int]]:
    def within(days: int) -> Callable[[Somebody], int]:
        latest = {day - timedelta(days=at) for at in range(days)}
        return lambda who: who.holds(day) and not who.days.isdisjoint(latest)

    return counted(people, lambda who: who.holds(day), within(30), within(1), within(7))


def _add_month(rows: Rows, people: list[Somebody], month: date, end: date) -> None:
    def learned(who: Somebody) -> int:
        return sum(month <= day <= end for day in who.days)

    taken = lambda who: bool(who.accepted_on and who.accepted_on <= end)  # noqa: E731
    active = lambda who: taken(who) and any(day <= end for day in who.days)  # noqa: E731
    for one, (invited, accepted, activated) in counted(
        people, lambda who: who.invited_on <= end, taken, active
    ).items():
        rates = share(accepted, invited), share(activated, accepted)
        rows["adoption"].append((month, *one, invited, accepted, rates[0], activated, rates[1], 3.0))
    done = lambda who: sum(done for done in who.courses.values()) if learned(who) > 3 else 0  # noqa: E731
    for one, (learners, days, completions) in counted(people, lambda who: bool(learned(who)), learned, done).items():
        rows["activity"].append((month, *one, learners, days, days * 50.0, days * 20.0, 100.0, 200.0, completions))


def _add_retention(rows: Rows, people: list[Somebody], as_of: date) -> None:
    over = [month for month in months(as_of) if end_of(month) <= as_of]
    for start in over:
        began = [who for who in people if who.accepted_on and who.accepted_on.replace(day=1) == start]
        for since, month in enumerate(month for month in over if month >= start):
            if not began:
                continue
            tests = (lambda _: 1, lambda who, m=month: any(d.replace(day=1) == m for d in who.days))
            for one, (started, active) in counted(began, *tests).items():
                rows["retention"].append((start, since, *one, started, active, share(active, started)))


def _add_courses(rows: Rows, people: list[Somebody], as_of: date) -> None:
    begun = Counter(course for who in people for course in who.courses)
    done = Counter(course for who in people for course, is_done in who.courses.items() if is_done)
    for course, started in begun.items():
        rows["courses"].append((course, None, started, done[course], done[course] / started, 5.0, 4.0, done[course]))


def _add_survey(rows: Rows, people: list[Somebody]) -> None:
    for kind, name in (("all", "all"), ("cohort", CLOSED), ("cohort", RUNNING)):
        asked = [who for who in people if kind == "all" or who.slices["cohort"] == name]
        back = [who for who in asked if who.answers]
        if not back:
            continue
        rows["survey_response"].append(("s", kind, name, len(asked), len(back), len(back) / len(asked)))
        options = QUESTIONS | {"score": tuple(sorted({who.answers["score"][0] for who in people if who.answers}))}
        for question, listed in options.items():
            answered = [who for who in back if who.answers[question]]
            for option in listed if answered else ():
                chosen = sum(option in who.answers[question] for who in answered)
                figures = len(back), len(answered), chosen, chosen / len(answered), 0.1, 0.9
                rows["survey"].append(("s", question, option, kind, name, *figures))
        marks = sorted(int(who.answers["score"][0]) for who in back)
        nps = 100.0 * (sum(mark >= 9 for mark in marks) - sum(mark <= 6 for mark in marks)) / len(marks)
        spread = float(marks[len(marks) // 2]), float(marks[0]), float(marks[-1]), nps
        rows["survey_ratings"].append(("s", "score", kind, name, len(marks), sum(marks) / len(marks), *spread))


def _add_scorecard(rows: Rows, people: list[Somebody], as_of: date) -> None:
    def card(kpi: str, one: tuple[str, str], part: int, whole: int) -> None:
        figures = part, whole, share(part, whole), "rate", None, None, None, None, None
        rows["scorecard"].append((kpi, kpi, as_of, *one, *figures))

    month = as_of.replace(day=1)
    for row in rows["adoption"]:
        if row[0] == month:
            card("adoption_rate", row[1:3], row[4], row[3])  # type: ignore[arg-type]
    for row in rows["engagement"]:
        if row[0] == as_of:
            card("engagement_rate", row[1:3], row[4], row[3])  # type: ignore[arg-type]
    third: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for _, since, kind, name, started, active, _ in rows["retention"]:
        if since == 3:
            third[str(kind), str(name)][0] += int(active)  # type: ignore[call-overload]
            third[str(kind), str(name)][1] += int(started)  # type: ignore[call-overload]
    for one, (active, started) in third.items():
        card("retention_3m", one, active, started)
    if rows["courses"]:
        started, done = (sum(int(row[at]) for row in rows["courses"]) for at in (2, 3))  # type: ignore[call-overload]
        card("course_completion_rate", ("all", "all"), done, started)
