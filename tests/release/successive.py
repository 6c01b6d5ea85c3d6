"""Somebody who kept every release: solves for what is hidden in all of them together, and subtracts any two.

What each release says is read from its CSV files (``attacker``); whom a difference is of is counted person by person.
Belongs here: releases beside each other. Does not belong here: what one release tells, or the product, of which
nothing is imported.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate, combinations, pairwise
from pathlib import Path

from tests.release.attacker import SAME, Attack, of_somebody, read
from tests.release.people import Somebody, end_of, rows_of
from tests.release.whole_numbers import Name, System

Persons = Mapping[str, Somebody]
Counted = dict[Name, int]
NOW = "now"
OTHERS = ("other", "기타")
OVER = ("adoption", "engagement", "activity", "retention")
"""Tables of which every row is of a time that was over."""
LEAST = {"courses": 5, "course_completion_rate": 5, "retention_3m": 5} | dict.fromkeys(
    ("answered", "chosen", "respondents", "asked", "returned", "applications"), 10
)
"""What is to date, by table, with how many persons have to differ."""
COLUMNS = {
    "adoption": {"invited": 3, "accepted": 4, "activated": 6},
    "engagement": {"holders": 3, "active": 4},
    "activity": {"learners": 3, "active_days": 4, "completions": 9},
}


@dataclass
class Published:
    """A release that somebody kept, and who was known when it was made."""

    day: date
    tables: Path
    people: Persons

    @cached_property
    def attack(self) -> Attack:
        """What it says, each bound narrowed by what the others leave."""
        made = Attack(self.tables, is_first=False)
        made.system.narrowed()
        return made

    def bounds(self, name: Name) -> tuple[float, float] | None:
        """Between what a count is known to be; None where the release says nothing of it."""
        system = self.attack.system
        return (system.low[name], system.high[name]) if name in system.low else None


@dataclass(frozen=True)
class Told:
    """A difference that few persons can have made: ``persons`` of the time before, between ``low`` and ``high``."""

    name: Name
    before: date
    after: date
    low: float
    high: float
    persons: int


class Counts:
    """What every person is counted as, whom everybody knows who made the programs."""

    def __init__(self, until: date) -> None:
        self.until = until
        self._known: dict[int, tuple[Somebody, Counted]] = {}

    def of(self, who: Somebody | None, name: Name, at: Published) -> int:
        """As what somebody is counted, who may not be known, of the time that a release was of."""
        if who is None or (name[0] in LEAST and who.invited_on > at.day):
            return 0
        if id(who) not in self._known:
            self._known[id(who)] = who, _counted(who, self.until)
        counts = self._known[id(who)][1]
        if name[0] != "retention_3m":
            return counts.get(_named(name, at), 0)
        column = ("started",) if name[-1] == "denominator" else ("active", "3")
        return sum(
            counts.get(("retention", start, "all", "all", *column), 0)
            for start, over in _thirds(counts)
            if end_of(over) <= at.day
        )

    def differing(self, name: Name, one: Published, other: Published) -> int:
        """How many persons were counted otherwise in the first than they are now, of the same time."""
        each = {*one.people, *other.people}
        return sum(self.of(one.people.get(who), name, one) != self.of(other.people.get(who), name, one) for who in each)

    def news(self, name: Name, one: Published, other: Published) -> int:
        """What those who are known at the second add from the time of the first to its own."""
        return sum(self.of(who, name, other) - self.of(who, name, one) for who in other.people.values())


@dataclass
class Figure:
    """A count of every release, by one name."""

    name: Name
    releases: Sequence[Published]
    counts: Counts

    @cached_property
    def said(self) -> list[tuple[float, float] | None]:
        """Of each release, between what it is known to be."""
        return [release.bounds(_named(self.name, release)) for release in self.releases]

    @cached_property
    def news(self) -> list[int]:
        """Of each release, what is new since the first."""
        steps = (self.counts.news(self.name, *pair) for pair in pairwise(self.releases))
        return [0, *accumulate(steps)]

    @property
    def least(self) -> int:
        return LEAST.get(str(self.name[0]), 5)

    def persons(self, one: int, other: int) -> int:
        return self.counts.differing(self.name, self.releases[one], self.releases[other])

    def difference(self, one: int, other: int) -> tuple[float, float] | None:
        """Between what two releases are known to differ by, beside the news; None where it may be by nothing.

        What few answered waits for more, so it may be without the latest news, and before, for as long as the same was
        said, without those of that time.
        """
        before, after = self.said[one], self.said[other]
        if before is None or after is None:
            return None
        low, high = after[0] - before[1], after[1] - before[0]
        since, until = [one], [other]
        if self.least > 5:
            since = [at for at in range(one + 1) if all(said == before for said in self.said[at:one])]
            until = list(range(one, other + 1))
        news = [self.news[at] - self.news[first] for first in since for at in until]
        return None if any(low <= new <= high for new in news) else (low - news[-1], high - news[-1])

    def told(self) -> Iterator[Told]:
        """Pairs of which the later tells what few did; of releases that said the same, any may be the one before."""
        for one, other in combinations(range(len(self.releases)), 2):
            found = self.difference(one, other)
            if found is None or self.persons(one, other) >= self.least:
                continue
            alike = (at for at in range(one) if self.said[at] and self.difference(at, one) is None)
            if not any(self.persons(at, other) >= self.least for at in alike):
                days = self.releases[one].day, self.releases[other].day
                yield Told(self.name, *days, *found, self.persons(one, other))


def told(releases: Sequence[Published], until: date) -> list[Told]:
    """What any two of the releases tell of persons fewer than the minimum."""
    counts = Counts(until)
    names = {name for release in releases for name in release.attack.system.low}
    asked = {name for name in names if name[0] in OVER or name[0] in LEAST}
    asked -= {name for name in asked if name[0] == "retention_3m" and name[2] != "all"}
    # What is small is put together, and that is of others in each release.
    asked -= {name for name in asked if name[-1] in OTHERS or name[-2] in OTHERS}
    asked |= {(*name[:1], NOW, *name[2:]) for name in asked if name[0] == "adoption"}
    return [found for name in sorted(asked, key=repr) for found in Figure(name, releases, counts).told()]


@dataclass(frozen=True)
class Kept:
    """A release's tables; unknown to the attacker: rows of ``survey`` up to ``chosen``, cohorts that are closed."""

    tables: Path
    survey: Sequence[tuple[object, ...]]
    closed: Container[str]


def solved(releases: Sequence[Kept], single: Set[tuple[str, str]]) -> dict[Name, int]:
    """What is hidden in any of the releases and could be fewer than three numbers, with how many, by its release.

    One system of whole numbers (``Together``). What a row shows is not hidden by another that withholds it, nor by a
    headline that is no more than the rows that show it. Whom closed cohorts leave of everybody is not asked where that
    is nobody, nor where it was and the same is still said: surveys wait for the answers of enough.
    """
    attacks = [Attack(one.tables, single, is_first=at == 0) for at, one in enumerate(releases)]
    together = consistent(attacks)
    system, hidden = together.system, set(together.hidden)
    system.narrowed()
    hidden -= {name for name, count in together.started.items() if system.low[name] == system.high[name] == count}
    found, left = system.few_values(hidden), dict[Name, int]()
    for at, release in enumerate(releases):
        somebody = {name[:-1]: values for name, values in found.items() if name[-1] == at}
        for one in releases[_same_since(releases, at) : at + 1]:
            somebody = of_somebody(somebody, one.survey, release.closed)
        left |= {(*name, at): values for name, values in somebody.items()}
    return left


def _same_since(releases: Sequence[Kept], at: int) -> int:
    """The release since which surveys say the same."""
    tables = ("survey", "survey_ratings", "term_surveys")
    said = [[read(one.tables, table) for table in tables] for one in releases[: at + 1]]
    return next((since + 1 for since in reversed(range(at)) if said[since] != said[at]), 0)


class Together:
    """Releases as one system: each name ends with the release from which on the same count is said.

    A count of a time that was over is the same one for as long as the same is said of it, a count to date another one
    in each release. ``anew``: names that are another count from a release on, although the same is said of them.
    """

    def __init__(self, attacks: Sequence[Attack], anew: Set[Name]) -> None:
        self.system, self.hidden, self.started = System(), set[Name](), dict[Name, float]()
        self.since = dict[Name, tuple[object, int]]()
        for at, attack in enumerate(attacks):
            self._add(attack, at, anew)

    def _add(self, attack: Attack, at: int, anew: Set[Name]) -> None:
        known: dict[Name, Name] = {}
        for name, low in attack.system.low.items():
            high = attack.system.high[name]
            said = (low, high, name in attack.hidden)
            goes_on = name[0] in OVER and name not in attack.left_out and (*name, at) not in anew
            if not goes_on or self.since.get(name, ((), 0))[0] != said:
                self.since[name] = said, at
            known[name] = self.system.count((*name, self.since[name][1]), low, high)
            if name in attack.hidden and low < high and not _is_shown_as(name, attack):
                self.hidden.add(known[name])
        self.started |= {known[name]: count for name, count in attack.started.items()}
        for terms, low, high in attack.system.sums:
            self.system.between({known[name]: times for name, times in terms.items()}, low, high)


def _is_shown_as(name: Name, attack: Attack) -> bool:
    """Whether a row shows what another withholds: those without a study group are those who study alone."""
    alike = [(*name[:2], *same, *name[4:]) for same in SAME] if name[2:4] in SAME else []
    return any(one in attack.system.low and one not in attack.hidden for one in alike)


def consistent(attacks: Sequence[Attack]) -> Together:
    """One system that some whole numbers fit.

    Hidden counts can change while the same is said of them, which shows where a release contradicts those before it:
    the counts of the contradiction are others from it on.
    """
    anew, possible = set[Name](), set[str]()
    for at in range(1, len(attacks)):
        together = Together(attacks[: at + 1], anew)
        latest = {(*name, since) for name, (_, since) in together.since.items() if name in attacks[at].system.low}
        for part in together.system.components():
            if latest.isdisjoint(part.low) or repr(part) in possible:
                continue
            if part.is_possible():
                possible.add(repr(part))
            else:
                anew |= {(*name[:-1], at) for name in latest.intersection(part.low)}
    return Together(attacks, anew)


def _named(name: Name, release: Published) -> Name:
    """A name in a release: of what is to date, that of its month."""
    return tuple(str(release.day.replace(day=1)) if part == NOW else part for part in name)


def _thirds(counts: Counted) -> list[tuple[str, date]]:
    """Months of start of somebody, with the third that followed each."""
    starts = {str(name[1]) for name in counts if name[0] == "retention" and name[2] == "all"}
    found = []
    for start in starts:
        year, month = int(start[:4]), int(start[5:7]) + 3
        found.append((start, date(year + (month > 12), month - 12 * (month > 12), 1)))
    return found


def _counted(who: Somebody, until: date) -> Counted:
    """What somebody adds to every count, named as the attacker does."""
    rows, found = rows_of([who], until), {}
    for table, columns in COLUMNS.items():
        for moment, kind, slice_, *figures in rows[table]:
            for column, at in columns.items():
                found[table, str(moment), kind, slice_, column] = int(figures[at - 3])  # type: ignore[call-overload]
    for start, since, kind, slice_, started, active, _ in rows["retention"]:
        month = start if kind == "all" else _quarter(start)  # type: ignore[arg-type]
        of = ("retention", str(month), kind, slice_)
        found[*of, "started"] = int(started)  # type: ignore[call-overload]
        found[*of, "active", str(since)] = int(active)  # type: ignore[call-overload]
    for course, _, started, completed, *_ in rows["courses"]:
        for column, count in (("started", started), ("completed", completed)):
            found["courses", course, column] = int(count)  # type: ignore[call-overload]
            total = ("course_completion_rate", column)
            found[total] = found.get(total, 0) + int(count)  # type: ignore[call-overload]
    for survey, question, option, kind, slice_, respondents, answered, chosen, *_ in rows["survey"]:
        found["answered", survey, kind, slice_, question] = int(answered)  # type: ignore[call-overload]
        found["chosen", survey, kind, slice_, question, option] = int(chosen)  # type: ignore[call-overload]
        found["respondents", survey, kind, slice_] = int(respondents)  # type: ignore[call-overload]
    for kind, slice_ in (("all", "all"), ("cohort", who.slices["cohort"])):
        found["asked", "s", kind, slice_] = 1
        found["returned", "s", kind, slice_] = int(bool(who.answers))
    for cohort, _, stage, *figures in rows["applications"]:
        for column, count in zip(("entered", "passed", "failed", "pending", "withdrawn"), figures, strict=False):
            found["applications", cohort, stage, column] = int(count)  # type: ignore[call-overload]
    return found


def _quarter(start: date) -> date:
    return start.replace(month=3 * ((start.month - 1) // 3) + 1)
