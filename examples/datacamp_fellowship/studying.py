"""How somebody studies: evenings and weekends, exercise after exercise, course after course.

Belongs here: work with its instants (Seoul's) and XP. Does not belong here: how much anybody does (``motivation``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple

from examples.datacamp_fellowship.catalog import Course, courses, track_courses
from examples.datacamp_fellowship.dates import DAY, at, next_month

SATURDAY, SUNDAY = 5, 6
DELETED = -1
HINT_COST = 0.7
PRACTICED = 0.1
MINIMUM_XP = 1000


class Work(NamedTuple):
    """One exercise or practice done, begun at an instant, in the export from ``known_at`` on."""

    user_id: int
    item: int
    course: Course | None
    started_at: datetime
    seconds: int
    xp: int
    known_at: datetime

    @property
    def completed_at(self) -> datetime:
        """When it was done."""
        return self.started_at + timedelta(seconds=self.seconds)


class Desk:
    """A learner's place in the courses: the track first, then others of its technology."""

    def __init__(self, user_id: int, track: str, rng: random.Random, abandoned: float) -> None:
        """Draws from ``rng`` only; ``abandoned`` is the share of courses left unfinished."""
        self.user_id = user_id
        self._rng = rng
        self._abandoned = abandoned
        self._practices = 0
        own = track_courses(track)
        others = [c for c in courses() if c.technology == own[0].technology and c not in own]
        self._exercises = self._through(chain(own, others))

    def _through(self, way: Iterator[Course]) -> Iterator[tuple[Course, int]]:
        for course in way:
            left_at = self._rng.uniform(0.15, 0.8) if self._rng.random() < self._abandoned else 1
            yield from ((course, number) for number in range(int(course.exercises * left_at)))

    def session(self, start: datetime, xp: int, *, exact: bool = False) -> Iterator[Work]:
        """Exercises from ``start`` on until about ``xp`` is reached; ``exact``: precisely, the rest by a practice."""
        now, earned = start, 0
        while earned < xp and not (exact and xp - earned < 100):
            course, number = next(self._exercises, (None, 0))
            if course is None:
                break
            worth = course.exercise_xp(number)
            worth = round(worth * HINT_COST) if self._rng.random() < 0.15 else worth
            seconds = self._rng.randrange(40, 420)
            done = now + timedelta(seconds=seconds)
            yield Work(self.user_id, course.exercise_id(number), course, now, seconds, worth, done)
            now = done + timedelta(seconds=self._rng.randrange(3, 50))
            earned += worth
        if exact and earned < xp:
            yield self._practice(now, xp - earned)
        elif not exact and self._rng.random() < PRACTICED:
            yield self._practice(now, self._rng.randrange(5, 41))

    def _practice(self, now: datetime, xp: int) -> Work:
        self._practices += 1
        seconds = self._rng.randrange(60, 240)
        return Work(self.user_id, 100 + self._practices, None, now, seconds, xp, now + timedelta(seconds=seconds))


def sessions(rng: random.Random, first: date, last: date, number: int) -> list[datetime]:
    """When somebody sits down: distinct days from ``first`` to ``last``, mostly in the evening, some after midnight."""
    weights = {SATURDAY: 0.7, SUNDAY: 1.3}
    span = [first + n * DAY for n in range((last - first).days + 1)]
    drawn = sorted(span, key=lambda day: rng.random() ** (1 / weights.get(day.weekday(), 1.0)), reverse=True)
    return [_hour(rng, day) for day in sorted(drawn[:number])]


def _hour(rng: random.Random, day: date) -> datetime:
    chance = rng.random()
    if chance < 0.62:
        return at(day, rng.randrange(20, 23), rng.randrange(60), rng.randrange(60))
    if chance < 0.74:
        return at(day, 0, rng.randrange(5, 60), rng.randrange(60))
    if day.weekday() in (SATURDAY, SUNDAY):
        return at(day, rng.randrange(10, 18), rng.randrange(60), rng.randrange(60))
    return at(day, rng.choice((7, 12)), rng.randrange(60), rng.randrange(60))


def month_of_study(desk: Desk, rng: random.Random, first: date, last: date, xp: int) -> list[Work]:
    """About ``xp`` within these days of a month."""
    starts = sessions(rng, first, last, max(1, round(xp / 600)))
    share = round(xp / len(starts))
    return [work for start in starts for work in desk.session(start, share)]


def exactly(desk: Desk, month: date, xp: int) -> list[Work]:
    """Precisely ``xp`` in Seoul's month, a part of it while UTC still has the month before.

    Whoever misses the minimum goes on just after the month, while UTC still has the month itself.
    """
    is_short = xp < MINIMUM_XP
    begun = [] if is_short else list(desk.session(at(month, 0, 20), 250))
    begun += desk.session(at(month.replace(day=9), 20, 10), xp // 2)
    rest = xp - sum(work.xp for work in begun)
    ended = desk.session(at(month.replace(day=17), 21, 30), rest, exact=True)
    beyond = desk.session(at(next_month(month), 0, 20), 150) if is_short else ()
    return [*begun, *ended, *beyond]
