"""What happened in the school and after: who left, who was best each month, who found what when.

Belongs here: the example's facts, each counted by hand in its test. Does not belong here: any file (``generate``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from examples.names import Name, every_name

COHORT, TRACK = "2018", "데이터 과학"
FIRST, LAST = date(2018, 1, 15), date(2018, 5, 14)
STUDENTS = 36
LEFT = {
    7: date(2018, 2, 12),
    19: date(2018, 3, 5),
    25: date(2018, 3, 19),
    31: date(2018, 4, 9),
    36: date(2018, 4, 30),
}
UNFINISHED = 28
NOT_SEEKING = (4, 22)
HOLIDAYS = {date(2018, 2, 15), date(2018, 3, 1), date(2018, 5, 1), date(2018, 5, 7)}

COURSES = {
    "파이썬": (60, date(2018, 2, 2)),
    "통계": (40, date(2018, 2, 23)),
    "개인 프로젝트": (40, date(2018, 3, 16)),
    "머신러닝": (80, date(2018, 3, 30)),
    "팀 프로젝트": (60, date(2018, 4, 13)),
    "최종 프로젝트": (80, date(2018, 5, 11)),
}
"""Hours, and the day on which everybody completes the course."""
COMPLETED_LATER = {("통계", 8): date(2018, 3, 2)}

BEST = {
    date(2018, 1, 1): {12: 760, 3: 745, 27: 730},
    date(2018, 2, 1): {3: 1180, 12: 1120, 8: 1120},
    date(2018, 3, 1): {20: 1260, 3: 1205, 33: 1190},
    date(2018, 4, 1): {20: 1310, 14: 1275, 12: 1240},
    date(2018, 5, 1): {14: 560, 20: 560, 1: 520},
}
"""The points of each month's three best, who hand in every task. The others stay below."""

INTERNS = {
    1: date(2018, 8, 1),
    2: date(2018, 8, 1),
    3: date(2018, 8, 6),
    5: date(2018, 8, 13),
    6: date(2018, 8, 20),
    8: date(2018, 8, 27),
    9: date(2018, 9, 3),
    10: date(2018, 9, 10),
    11: date(2018, 9, 17),
    12: date(2018, 10, 1),
    13: date(2018, 10, 15),
    14: date(2018, 10, 29),
}
EMPLOYED = {
    1: date(2018, 10, 29),
    2: date(2018, 11, 12),
    3: date(2018, 12, 3),
    5: date(2019, 1, 2),
    6: date(2019, 1, 14),
    8: date(2019, 2, 11),
    9: date(2019, 3, 18),
    10: date(2019, 4, 15),
    11: date(2019, 5, 13),
    12: date(2019, 6, 3),
    15: date(2018, 10, 15),
    16: date(2018, 11, 5),
    17: date(2019, 3, 4),
    4: date(2018, 11, 26),
    31: date(2018, 12, 17),
}
"""Ten after an internship; three at once; one who did not look for a job; one who had left the school."""
CHANGED_JOB = (1, date(2019, 6, 24))
COMPANIES = ("가온데이터", "누리테크", "다온소프트", "마루랩", "바론커머스", "새길모빌리티", "아람핀테크")


class Task(NamedTuple):
    """A task handed in: by whom, when, in which course, for how many points and after how many minutes."""

    student: int
    handed_in_at: datetime
    course: str
    points: int
    minutes: int


class Outcome(NamedTuple):
    """What became of a student."""

    student: int
    kind: str
    occurred_on: date
    company: str
    title: str


def names() -> list[Name]:
    """The students' names, by number."""
    return every_name()[13::79][:STUDENTS]


def tasks() -> list[Task]:
    """A task on every Monday to Thursday of school; most hand in most of them."""
    rng = random.Random("career school")
    return [task for month in BEST for student in range(1, STUDENTS + 1) for task in _tasks(rng, month, student)]


def _tasks(rng: random.Random, month: date, student: int) -> Iterator[Task]:
    days = [day for day in _school_days() if day.replace(day=1) == month]
    best = BEST[month]
    if student in best:
        handed_in, points = days, best[student]
    else:
        handed_in = [day for day in days if rng.random() < 0.9 and day < LEFT.get(student, LAST + timedelta(1))]
        points = rng.randrange(35, 80) * min(best.values()) * len(handed_in) // (100 * len(days))
    for n, day in enumerate(handed_in):
        each = points // len(handed_in) + (n < points % len(handed_in))
        moment = datetime.combine(day, time(18)) + timedelta(minutes=rng.randrange(300))
        yield Task(student, moment, _course_on(day), each, rng.randrange(40, 180))


def _school_days() -> Iterator[date]:
    days = (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))
    return (day for day in days if day.weekday() < 4 and day not in HOLIDAYS)


def _course_on(day: date) -> str:
    return next((course for course, (_, last) in COURSES.items() if day <= last), "최종 프로젝트")


def completions() -> Iterator[tuple[int, str, date]]:
    """Who completed which course on which day."""
    for course, (_, day) in COURSES.items():
        for student in range(1, STUDENTS + 1):
            completed_on = COMPLETED_LATER.get((course, student), day)
            is_missing = student == UNFINISHED and course == "최종 프로젝트"
            if completed_on < LEFT.get(student, date.max) and not is_missing:
                yield student, course, completed_on


def outcomes() -> Iterator[Outcome]:
    """Internships, permanent jobs, and one who changed the company."""
    for n, (student, day) in enumerate(INTERNS.items()):
        yield Outcome(student, "인턴", day, COMPANIES[n % 4], "데이터 분석 인턴")
    for n, (student, day) in enumerate(EMPLOYED.items()):
        yield Outcome(student, "정규직", day, COMPANIES[n % 6], "데이터 분석가")
    yield Outcome(CHANGED_JOB[0], "정규직", CHANGED_JOB[1], COMPANIES[6], "머신러닝 엔지니어")
