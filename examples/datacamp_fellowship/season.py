"""Two years of running the program, day by day: recruiting, inviting, reviewing, giving seats back.

Belongs here: what operators and applicants do, and when. Does not belong here: how anyone studies (``motivation``), how
any of it is exported.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

from examples.datacamp_fellowship.dates import (
    COHORT_STARTS,
    DAY,
    ENDED,
    FIRST,
    FIRST_REVIEW,
    LAST,
    at,
    capacity,
    cohort_of,
    days,
    month_of,
)
from examples.datacamp_fellowship.ledger import SeatLedger
from examples.datacamp_fellowship.motivation import Motivation
from examples.datacamp_fellowship.people import GROUPS, Crowd, Person, Stint
from examples.datacamp_fellowship.review import LEAVE, to_reclaim

GROUP_LEARNERS = {"2021-H2": 56, "2022-H1": 94, "2022-H2": 84, "2023-H1": 66}
ARRIVALS = {
    date(2022, 1, 1): 54, date(2022, 2, 1): 32, date(2022, 3, 1): 12, date(2022, 7, 1): 16, date(2022, 8, 1): 16,
    date(2023, 1, 1): 12,
}  # fmt: skip
USUAL_ARRIVALS = 10
INVITING_DAYS = (6, 14, 22)
INDIVIDUALS_FROM = date(2022, 2, 1)
FEWER_SEATS_FROM = date(2022, 12, 1)
SEATS_AFTER = 150
GIVING_BACK = (date(2022, 12, 20), date(2022, 12, 27))


class Season:
    """The program as it was run; ``run`` fills crowd, ledger and work."""

    def __init__(self, seed: str) -> None:
        """Every draw follows from ``seed``."""
        self._rng = random.Random(seed)
        self.crowd = Crowd(random.Random(seed + " crowd"))
        self.ledger = SeatLedger()
        self.motivation = Motivation(seed)
        self._waiting: list[Person] = []
        self._due: dict[date, list[Callable[[date], None]]] = defaultdict(list)

    def run(self) -> Season:
        """Lives through every day."""
        for day in days():
            if day.day == 1 and day > FIRST:
                self.motivation.study(self.crowd.people, month_of(day - DAY))
            if day in COHORT_STARTS:
                self._begin_cohort(day)
            if day.day == 1:
                self._recruit_individuals(day)
            if day >= FIRST_REVIEW and day.day == 3 + day.month % 3:
                self._review(day)
            if day in GIVING_BACK:
                self._give_back(day)
            if day.day in INVITING_DAYS or day in COHORT_STARTS:
                self._invite(day)
            for act in self._due.pop(day, ()):
                act(day)
        self.motivation.study(self.crowd.people, month_of(LAST))
        return self

    # Cohorts and recruiting

    def _begin_cohort(self, day: date) -> None:
        cohort = COHORT_STARTS[day]
        if day == FIRST:
            self._recruit_builders()
        stay: dict[str, int] = defaultdict(int)
        for person in list(self.ledger.holders.values()):
            stint = person.stints[-1]
            mode, group = stint.study_mode, stint.study_group
            if stint.role == "learner" and mode == "group":
                if self._rng.random() < (0.15 if person.is_engaged else 0.5):
                    self._end(person, "returned", at(day, 11, self._rng.randrange(60)))
                    continue
                if self._rng.random() < 0.15:
                    mode, group = "individual", ""
            if stint.role == "builder" and cohort == "2023-H1" and person.member == "m011":
                mode, group = "individual", ""
            stay[group] += stint.role == "learner"
            person.is_engaged = person.is_engaged or self._rng.random() < 0.5
            person.stints.append(Stint(cohort, day, stint.role, mode, group, person.track))
        wanted = GROUP_LEARNERS[cohort]
        recruiting = (day, day + 15 * DAY) if day == FIRST else (day - 12 * DAY, day + 8 * DAY)
        for n, group in enumerate(GROUPS):
            places = wanted // len(GROUPS) + (n < wanted % len(GROUPS))
            for _ in range(places - stay[group]):
                self._apply(self._instant(*recruiting), "group", group)

    def _recruit_builders(self) -> None:
        groups = list(GROUPS)
        for n in range(17):
            group = groups[n % len(groups)]
            applied_at = self._instant(date(2021, 6, 28), date(2021, 7, 9))
            builder = self.crowd.applicant(applied_at, "group", group, "builder")
            chosen = n < 11
            decided_at = at(date(2021, 7, 16), 18, n)
            builder.decide("2021-H2", "screening", "passed" if chosen else "failed", decided_at)
            if chosen:
                self._waiting.append(builder)
                builder.decide("2021-H2", "seat", "pending", decided_at)

    def _recruit_individuals(self, day: date) -> None:
        if day < min(ARRIVALS):
            return
        for _ in range(ARRIVALS.get(day, USUAL_ARRIVALS)):
            self._apply(self._instant(day, day + 26 * DAY), "individual")

    def _apply(self, applied_at: datetime, study_mode: str, study_group: str = "") -> None:
        person = self.crowd.applicant(applied_at, study_mode, study_group)
        cohort = cohort_of(applied_at.date() + 12 * DAY if study_group else max(applied_at.date(), INDIVIDUALS_FROM))
        chance = 0.0 if study_group else self._rng.random()
        decided_at = applied_at + timedelta(days=self._rng.randrange(1, 5), minutes=self._rng.randrange(600))
        if chance > 0.97:
            person.decide(cohort, "screening", "pending", applied_at)
            return
        result = "passed" if chance < 0.86 else "failed" if chance < 0.93 else "withdrawn"
        if decided_at.date() <= LAST:
            person.decide(cohort, "screening", result, decided_at)
        else:
            person.decide(cohort, "screening", "pending", applied_at)
        if result == "passed" and decided_at.date() <= LAST:
            person.decide(cohort, "seat", "pending", decided_at)
            self._waiting.append(person)

    def _instant(self, first: date, last: date) -> datetime:
        day = first + self._rng.randrange((last - first).days + 1) * DAY
        return at(day, self._rng.randrange(8, 23), self._rng.randrange(60))

    # Invitations

    def _invite(self, day: date) -> None:
        planned = min(capacity(day), SEATS_AFTER) if day >= FEWER_SEATS_FROM else capacity(day)
        ready = sorted(
            (p for p in self._waiting if p.decisions[-1].decided_at.date() < day and _is_welcome(p, day)),
            key=lambda p: (p.role != "builder", p.study_mode != "group", p.applied_at, p.user_id),
        )
        for n, person in enumerate(ready[: max(0, self.ledger.free(day, planned))]):
            self._waiting.remove(person)
            self._offer(person, at(day, 14, n % 60, n // 60))

    def _offer(self, person: Person, sent_at: datetime) -> None:
        day = sent_at.date()
        self.ledger.invite(person, sent_at)
        cohort = cohort_of(day)
        if not person.stints:
            person.stints.append(Stint(cohort, day, person.role, person.study_mode, person.study_group, person.track))
        chance = 0.0 if person.role == "builder" else self._rng.random()
        if chance < 0.92:
            self._later(day, self._rng.choice((0, 0, 0, 1, 1, 2, 3, 5, 7)), self._accept, person)
        elif chance < 0.955:
            self._later(day, self._rng.randrange(1, 6), self._decline, person)
        elif chance < 0.985:
            self._later(day, 14, self._expire, person)
        else:
            self._later(day, self._rng.randrange(3, 8), self._withdraw, person)

    def _later(self, day: date, wait: int, act: Callable[[Person, date], None], person: Person) -> None:
        if wait:
            self._due[day + wait * DAY].append(lambda today: act(person, today))
        else:
            act(person, day)

    def _accept(self, person: Person, day: date) -> None:
        accepted_at = at(day, self._rng.randrange(15, 24), self._rng.randrange(60), self._rng.randrange(60))
        self.ledger.accept(person, accepted_at)
        person.decide(person.decisions[-1].cohort, "seat", "passed", accepted_at)

    def _decline(self, person: Person, day: date) -> None:
        self._lose(person, "declined", at(day, 10, self._rng.randrange(60)))

    def _withdraw(self, person: Person, day: date) -> None:
        self._lose(person, "withdrawn", at(day, 10, self._rng.randrange(60)))

    def _expire(self, person: Person, day: date) -> None:
        if self._rng.random() < 0.5:
            self._lose(person, "expired", at(day, 9, 0))
            return
        self.ledger.note(person, "expired", at(day, 9, 0))
        self.ledger.note(person, "invited", at(day, 14, 59))
        self._later(day, 1, self._accept, person)

    def _lose(self, person: Person, event: str, occurred_at: datetime) -> None:
        self.ledger.close(person, event, occurred_at)
        person.stints[-1].left_on = occurred_at.date()
        person.decide(person.decisions[-1].cohort, "seat", "withdrawn", occurred_at)

    # Seats that end

    def _end(self, person: Person, event: str, occurred_at: datetime) -> None:
        self.ledger.end(person, event, occurred_at)
        person.stints[-1].left_on = occurred_at.date()
        person.decide(ENDED, "seat", "withdrawn", occurred_at)

    def _review(self, day: date) -> None:
        holders = list(self.ledger.holders.values())
        for n, person in enumerate(to_reclaim(holders, month_of(day), self.motivation.tally)):
            self._end(person, "reclaimed", at(day, 12, n))
        for person in holders:
            if person.is_holding and person.role == "learner" and self.motivation.gives_up(person):
                self._end(person, "returned", at(day, 17, self._rng.randrange(60)))

    def _give_back(self, day: date) -> None:
        """Before there are fewer seats, groups give back those that nobody uses."""
        candidates = sorted(
            (p for p in self.ledger.holders.values() if p.role == "learner" and p.member != LEAVE),
            key=lambda p: (p.stints[-1].study_mode != "group", p.is_engaged, -p.idle_months, p.user_id),
        )
        excess = -self.ledger.free(day, SEATS_AFTER)
        for person in candidates[: max(0, excess)]:
            self._end(person, "returned", at(day, 16, self._rng.randrange(60)))


def _is_welcome(person: Person, day: date) -> bool:
    """At first there is only group study."""
    return person.study_mode == "group" or day >= INDIVIDUALS_FROM
