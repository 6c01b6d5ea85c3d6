"""How much everybody studies, month by month, and who sits exactly on the review's boundary.

Belongs here: XP aimed at, who fades, who gives up. Does not belong here: the hours and exercises (``studying``).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from examples.datacamp_fellowship.dates import DAY, FIRST, FIRST_XP_REVIEW, at, next_month
from examples.datacamp_fellowship.people import Person
from examples.datacamp_fellowship.review import LEAVE, LEAVE_FROM, LEAVE_TO, Month, is_judged
from examples.datacamp_fellowship.studying import Work, exactly, month_of_study

BOUNDARY = (1000, 999, 1001)
GIVES_UP_AFTER = 3


class Motivation:
    """Everybody's drive, and the work that came of it."""

    def __init__(self, seed: str) -> None:
        """Every draw follows from ``seed``."""
        self._seed = seed
        self.works: list[Work] = []
        self.tally: dict[tuple[int, date], Month] = defaultdict(Month)
        self.boundary: list[tuple[date, str, int]] = []

    def study(self, people: Sequence[Person], month: date) -> None:
        """Adds the month's work of all who hold a seat on any of its days."""
        exact = self._on_the_boundary(people, month)
        for person in people:
            rng = random.Random(f"{self._seed} {person.user_id} {month}")
            if person.user_id in exact:
                xp = exact[person.user_id]
                self.boundary.append((month, person.member, xp))
                self._add(exactly(person.desk, month, xp))
                continue
            if (span := _span(person, month)) is None:
                if person.held and rng.random() < 0.06:
                    self._add(month_of_study(person.desk, rng, month, month + 20 * DAY, 300))
                continue
            first, last = span
            if first == FIRST:
                self._add([*person.desk.session(at(FIRST, 22), 200)])
            xp = self._aim(person, month, rng) * ((last - first).days + 1) // (next_month(month) - month).days
            if xp > 50 and not _is_on_leave(person, month):
                self._add(month_of_study(person.desk, rng, first, last, xp))

    def gives_up(self, person: Person) -> bool:
        """Whether a group learner hands back a seat that went unused for months."""
        rng = random.Random(f"{self._seed} gives up {person.user_id} {person.idle_months}")
        is_in_group = person.stints[-1].study_mode == "group"
        return is_in_group and person.idle_months >= GIVES_UP_AFTER and rng.random() < 0.12

    def _aim(self, person: Person, month: date, rng: random.Random) -> int:
        stint = person.stint_on(month + 27 * DAY)
        if stint.role == "builder":
            return int(person.drive * rng.lognormvariate(8.4, 0.4))
        if stint.study_mode == "group":
            person.is_engaged = rng.random() > (0.22 if person.is_engaged else 0.94)
            person.idle_months = 0 if person.is_engaged else person.idle_months + 1
            return int(person.drive * rng.lognormvariate(7.8, 0.5)) if rng.random() < 0.92 * person.is_engaged else 0
        if next_month(month) < FIRST_XP_REVIEW:
            return int(person.drive * rng.lognormvariate(7.2, 0.7)) if rng.random() < 0.91 else 0
        return max(1000 * (rng.random() < 0.65), int(person.drive * rng.lognormvariate(7.5, 0.45))) * (
            rng.random() < 0.93
        )

    def _on_the_boundary(self, people: Sequence[Person], month: date) -> dict[int, int]:
        if next_month(month) < FIRST_XP_REVIEW:
            return {}
        whole = (month, next_month(month) - DAY)
        judged = [p for p in people if p.is_holding and _span(p, month) == whole and is_judged(p, month)]
        chosen = random.Random(f"{self._seed} boundary {month}").sample(judged, len(BOUNDARY))
        return {person.user_id: xp for person, xp in zip(chosen, BOUNDARY, strict=True)}

    def _add(self, works: list[Work]) -> None:
        self.works.extend(works)
        for work in works:
            day = work.completed_at.date()
            done = self.tally[work.user_id, day.replace(day=1)]
            done.xp += work.xp
            done.days.add(day)


def _span(person: Person, month: date) -> tuple[date, date] | None:
    """From the first to the last day of the month with a seat."""
    last = next_month(month) - DAY
    spans = [
        (max(since, month), min(last, until - DAY if until else last))
        for since, until in person.held
        if since <= last and (until is None or until > month)
    ]
    return spans[-1] if spans and spans[-1][0] <= spans[-1][1] else None


def _is_on_leave(person: Person, month: date) -> bool:
    return person.member == LEAVE and LEAVE_FROM <= month <= LEAVE_TO
