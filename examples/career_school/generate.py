"""Writes the sheets of a career-change school of 2018; the same bytes every time.

Belongs here: the layouts of the school's own sheets. Does not belong here: what happened (``plan``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from examples.career_school.plan import (
    COHORT,
    COURSES,
    FIRST,
    LEFT,
    NOT_SEEKING,
    TRACK,
    Task,
    completions,
    names,
    outcomes,
    tasks,
)
from examples.writing import csv_bytes

ROSTER = "학번,이름,이메일,중도 포기일,구직 여부"
TASKS = "학번,과목,과제,제출 일시,점수,학습 시간(분),비고"
COMPLETIONS = "member,course,completed_at"
CATALOG = "course,track,position,title,hours"
OUTCOMES = "학번,구분,시작일,회사,직무"
HALFWAY = date(2018, 3, 31)
EXPORTED = date(2019, 7, 1)
REGRADED = 5


def generate(landing: Path) -> None:
    """Writes every export below ``landing``."""
    for name, content in exports().items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def exports() -> Mapping[str, bytes]:
    """Every file by its path below ``landing/``."""
    done = tasks()
    early = [task for task in done if task.handed_in_at.date() < HALFWAY]
    graded = [task._replace(points=task.points - 10) if n % 200 == REGRADED else task for n, task in enumerate(early)]
    return {
        "roster/수강생.csv": csv_bytes(ROSTER, _roster(), encoding="cp949", newline="\r\n"),
        f"tasks/과제_{HALFWAY}.csv": _tasks(graded),
        f"tasks/과제_{EXPORTED}.csv": _tasks(done),
        "completions/completions.csv": csv_bytes(
            COMPLETIONS, ([_id(student), course, day] for student, course, day in completions())
        ),
        "catalog/catalog.csv": csv_bytes(
            CATALOG, ([name, TRACK, n, name, hours] for n, (name, (hours, _)) in enumerate(COURSES.items(), 1))
        ),
        "outcomes/수료생 진로.csv": csv_bytes(
            OUTCOMES, ([_id(o.student), *o[1:]] for o in outcomes()), encoding="cp949", newline="\r\n"
        ),
    }


def _id(student: int) -> str:
    return f"{COHORT}-{student:03d}"


def _roster() -> Iterable[list[object]]:
    for student, name in enumerate(names(), 1):
        seeking = "아니오" if student in NOT_SEEKING else "예"
        yield [_id(student), name.korean, f"{name.slug}@example.org", LEFT.get(student, ""), seeking]


def _tasks(done: Iterable[Task]) -> bytes:
    """The table of tasks as the school's own platform hands it out: all there were up to then."""
    rows = (
        [
            _id(task.student),
            task.course,
            f"{(task.handed_in_at.date() - FIRST).days + 1}일차 과제",
            f"{task.handed_in_at:%Y.%m.%d %H:%M}",
            task.points,
            task.minutes,
            "",
        ]
        for task in done
    )
    return csv_bytes(TASKS, rows, encoding="cp949", newline="\r\n")
