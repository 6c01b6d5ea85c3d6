"""The work as DataCamp's Data Connector 1.0 exports it: a folder per month, tables as CSV, instants in UTC.

Belongs here: those tables, their overlapping windows, what is wrong on purpose. Does not belong here: the work.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from examples.datacamp_fellowship.catalog import Course, courses
from examples.datacamp_fellowship.dates import DAY, at, months, next_month, utc
from examples.datacamp_fellowship.people import Person
from examples.datacamp_fellowship.studying import DELETED, Work
from examples.writing import csv_bytes

WINDOW = 45 * DAY
CUT_EXPORT = date(2022, 5, 21)
TEST_ACCOUNT = (699_999, "qa-test@example.com")
MOVED = "m005"
MOVED_ON = date(2022, 10, 15)
USER_DIM = (
    "user_id,first_name,last_name,email,slug,registered_at,deleted_at,last_visit_at,last_time_spent_at,"
    "onboarding_completed_at,first_content_completed_at,id"
)
COURSE_DIM = "course_id,title,technology,topic,xp,nb_hours_needed,slug,description,short_description,launched_date,id"
EXERCISE_DIM = (
    "exercise_id,title,type,number,xp,technology,topic,course_title,course_slug,course_xp,course_description,"
    "course_short_description,course_launched_date,chapter_title,chapter_slug,chapter_xp,chapter_nb_exercises,id"
)
COURSE_FACT = "user_id,course_id,date_id,started_at,completed_at,time_spent,xp"
EXERCISE_FACT = "user_id,exercise_id,date_id,started_at,completed_at,time_spent,xp"
PRACTICE_FACT = "user_id,practice_id,date_id,started_at,completed_at,is_mobile,time_spent,xp"
CHAPTER = 15


@dataclass
class _Course:
    started_at: datetime
    completed_at: datetime
    touched_at: datetime
    done: int = 0
    seconds: int = 0
    xp: int = 0


@dataclass
class _Known:
    """What the platform knows after so much work: everybody's last visit and courses."""

    last_visit: dict[int, datetime] = field(default_factory=dict)
    courses: dict[tuple[int, int], _Course] = field(default_factory=dict)

    def add(self, works: Iterable[Work]) -> None:
        """Adds work, in the order in which it became known."""
        for work in works:
            self.last_visit[work.user_id] = work.completed_at
            if work.course is None:
                continue
            new = _Course(work.started_at, work.completed_at, work.known_at)
            course = self.courses.setdefault((work.user_id, work.course.id), new)
            course.started_at = min(course.started_at, work.started_at)
            course.completed_at = max(course.completed_at, work.completed_at)
            course.touched_at = work.known_at
            course.done += 1
            course.seconds += work.seconds
            course.xp += work.xp


def folders(people: Sequence[Person], works: Iterable[Work]) -> dict[str, bytes]:
    """Every file by its path in ``datacamp/``: an export after each month, one cut off, the last as ``latest`` too."""
    works = sorted(works, key=lambda work: (work.known_at, work.user_id, work.started_at))
    known = _Known()
    files: dict[str, bytes] = {}
    export: dict[str, bytes] = {}
    taken = 0
    for cutoff in sorted([*(next_month(month) for month in months()), CUT_EXPORT]):
        end = at(cutoff, 0)
        before, until, after = (_first(works, moment) for moment in (end - WINDOW, end, end + DAY))
        known.add(works[taken:until])
        taken = until
        begun = [work for work in works[until:after] if work.started_at < end and _is_exercise(work)]
        export = _export(people, known, works[before:until], begun, end)
        if cutoff == CUT_EXPORT:
            export["learning_exercise_fact.csv"] = _cut(export["learning_exercise_fact.csv"])
        files |= {f"{cutoff}/{name}": content for name, content in export.items()}
    return files | {f"latest/{name}": content for name, content in export.items()}


def _first(works: Sequence[Work], moment: datetime) -> int:
    return bisect_left(works, moment, key=lambda work: work.known_at)


def moved_address(person: Person) -> str:
    """The address that a member changed to on the platform."""
    return person.slug.replace("-", ".") + "@new.example.org"


def _export(
    people: Sequence[Person], known: _Known, window: Sequence[Work], begun: Sequence[Work], end: datetime
) -> dict[str, bytes]:
    exercises = [work for work in window if _is_exercise(work)]
    practices = [work for work in window if not _is_exercise(work)]
    return {
        "user_dim.csv": csv_bytes(USER_DIM, _users(people, known.last_visit, end)),
        "course_dim.csv": csv_bytes(COURSE_DIM, _courses()),
        "exercise_dim.csv": csv_bytes(EXERCISE_DIM, _exercises([*exercises, *begun])),
        "learning_course_fact.csv": csv_bytes(COURSE_FACT, _course_facts(known.courses, end - WINDOW)),
        "learning_exercise_fact.csv": csv_bytes(EXERCISE_FACT, [*map(_fact, exercises), *map(_unfinished, begun)]),
        "learning_practice_fact.csv": csv_bytes(PRACTICE_FACT, map(_practice, practices)),
    }


def _is_exercise(work: Work) -> bool:
    return work.course is not None or work.item == DELETED


def _users(people: Sequence[Person], last_visit: Mapping[int, datetime], end: datetime) -> list[list[object]]:
    rows: list[list[object]] = [
        [TEST_ACCOUNT[0], "QA", "Test", TEST_ACCOUNT[1], "qa-test", "2021-07-01 00:00:00", *[""] * 5, TEST_ACCOUNT[0]]
    ]
    for person in people:
        if person.registered_at is None or person.registered_at >= end:
            continue
        has_moved = person.member == MOVED and end.date() > MOVED_ON
        email = moved_address(person) if has_moved else person.seat_email
        registered, visited = _text(person.registered_at), _text(last_visit.get(person.user_id, person.registered_at))
        names = [person.user_id, person.first_name, person.last_name, email, person.slug]
        rows.append([*names, registered, "", visited, visited, registered, "", person.user_id])
    return rows


def _courses() -> list[list[object]]:
    return [
        [
            c.id,
            c.title,
            c.technology,
            c.topic,
            c.xp,
            c.hours,
            c.slug,
            "",
            f"{c.topic}, {c.technology}",
            "2020-01-15",
            c.id,
        ]
        for c in courses()
    ]


def _exercises(works: Iterable[Work]) -> list[list[object]]:
    by_id = {work.item: work.course for work in works}
    return [_exercise(item, course) for item, course in sorted(by_id.items(), key=lambda pair: pair[0])]


def _exercise(item: int, course: Course | None) -> list[object]:
    if course is None or item == DELETED:
        return [item, "deleted exercise", *[""] * 15, item]
    number = item % 1000
    chapter = number // CHAPTER + 1
    kind = "VideoExercise" if number % 3 == 0 else "NormalExercise"
    about = [f"Exercise {number + 1}", kind, number + 1, course.exercise_xp(number), course.technology, course.topic]
    of_course = [course.title, course.slug, course.xp, "", "", "2020-01-15"]
    of_chapter = [f"Chapter {chapter}", f"chapter-{chapter}", "", min(CHAPTER, course.exercises)]
    return [item, *about, *of_course, *of_chapter, item]


def _course_facts(progress: Mapping[tuple[int, int], _Course], since: datetime) -> list[list[object]]:
    exercises = {course.id: course.exercises for course in courses()}
    return [
        [
            user_id,
            course_id,
            _date_id(course.completed_at),
            _text(course.started_at),
            _text(course.completed_at) if course.done == exercises[course_id] else "",
            course.seconds,
            course.xp,
        ]
        for (user_id, course_id), course in sorted(progress.items(), key=lambda pair: pair[0])
        if course.touched_at >= since
    ]


def _fact(work: Work) -> list[object]:
    when = [_date_id(work.started_at), _text(work.started_at), _text(work.completed_at)]
    return [work.user_id, work.item, *when, work.seconds, work.xp]


def _unfinished(work: Work) -> list[object]:
    return [work.user_id, work.item, _date_id(work.started_at), _text(work.started_at), "", 0, 0]


def _practice(work: Work) -> list[object]:
    user_id, item, *when, seconds, xp = _fact(work)
    return [user_id, item, *when, "true", seconds, xp]


def _cut(content: bytes) -> bytes:
    """The file as an interrupted download leaves it: in the middle of its last record."""
    lines = content.splitlines(keepends=True)
    return b"".join(lines[:-1]) + b",".join(lines[-1].split(b",")[:4])[:-3]


def _text(local: datetime) -> str:
    return utc(local).isoformat(" ")


def _date_id(local: datetime) -> str:
    return utc(local).date().isoformat().replace("-", "")


def left_by_test_account() -> list[Work]:
    """What a test account left behind: it belongs to nobody."""
    course = courses()[0]
    start = at(date(2022, 3, 8), 11)
    return [
        Work(TEST_ACCOUNT[0], course.exercise_id(n), course, begun, 60, 50, begun + timedelta(seconds=60))
        for n in range(12)
        for begun in [start + timedelta(minutes=3 * n)]
    ]


def as_recorded(people: Sequence[Person], works: Iterable[Work]) -> list[Work]:
    """The work as the platform knows it: some of it late (groups only), some of an exercise that was deleted since."""
    in_groups = {person.user_id for person in people if person.study_mode == "group" and len(person.stints) > 1}
    deleted_by = next(person.user_id for person in people if person.member == "m003")
    recorded: list[Work] = []
    deletions: dict[int, int] = defaultdict(int)
    for work in works:
        day = work.completed_at.date()
        if work.user_id == deleted_by and day.replace(day=1) == date(2021, 12, 1) and deletions[deleted_by] < 5:
            deletions[deleted_by] += 1
            recorded.append(work._replace(item=DELETED))
        elif work.user_id in in_groups and work.user_id % 3 == 0 and date(2022, 10, 10) <= day <= date(2022, 10, 12):
            recorded.append(work._replace(known_at=work.known_at + 60 * DAY))
        else:
            recorded.append(work)
    return recorded
