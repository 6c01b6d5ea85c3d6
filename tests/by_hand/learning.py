"""Learning by hand: ``kpi.activity``, ``kpi.retention``, ``kpi.courses``, ``kpi.tracks``, ``ops.recognition``.

Belongs here: XP, days, completions. Does not belong here: what a seat asks for (``reviews``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction

from .calendar import MONTHS, PERSONS, Line, last_day, line, month_end, quantile, rate, row_on, sliced
from .doings import CATALOG
from .facts import AS_OF, Completed, Facts, completions
from .seats import held_days, learning_days


def first_completions() -> dict[tuple[str, str], Completed]:
    """By person and course; what counts of the completions."""
    found: dict[tuple[str, str], Completed] = {}
    for one in sorted(completions(), key=lambda one: one.at):
        if one.at.date() <= AS_OF:
            found.setdefault((one.person, one.course), one)
    return found


def month_of(at: datetime | date) -> date:
    return date(at.year, at.month, 1)


def xp_in(facts: Facts, person: str, month: date) -> Fraction:
    return sum((xp for at, _, xp, _ in facts.learned.get(person, ()) if month_of(at) == month), Fraction(0))


def days_in(facts: Facts, person: str, month: date) -> int:
    return sum(month_of(day) == month for day in learning_days(facts).get(person, ()))


def activity(facts: Facts) -> Iterator[Line]:
    """``kpi.activity``: of a month who learned in it, and who completed something."""
    done = [(one.person, month_of(one.at)) for one in first_completions().values()]
    for month in MONTHS:
        persons = []
        for person in PERSONS:
            finished = done.count((person, month))
            learned = days_in(facts, person, month)
            minutes = sum(spent for at, _, _, spent in facts.learned.get(person, ()) if month_of(at) == month)
            if learned or finished:
                persons.append((person, last_day(month), (learned, xp_in(facts, person, month), minutes, finished)))
        for where, found in sliced(persons).items():
            learners = [one for one in found if one[0]]
            xp = [one[1] for one in learners]
            yield line(
                ("month",),
                (month,),
                where,
                learners=len(learners),
                active_days=sum(one[0] for one in learners),
                xp=sum(xp),
                minutes=sum(one[2] for one in learners),
                median_xp=quantile(xp),
                p90_xp=quantile(xp, Fraction(9, 10)),
                completions=sum(one[3] for one in found),
            )


def retention(facts: Facts) -> Iterator[Line]:
    """``kpi.retention``: of those whose first seat began in a month, in every later month that is over."""
    firsts = {person: min(one.accepted for one in found if one.accepted) for person, found in held_days(facts).items()}
    for start in MONTHS:
        for since, month in enumerate(month for month in MONTHS if month >= start):
            if month_end(month) > AS_OF:
                continue
            begun = [
                (person, first, days_in(facts, person, month) > 0)
                for person, first in firsts.items()
                if month_of(first) == start
            ]
            for where, found in sliced(begun).items():
                yield line(
                    ("start_month", "months_since"),
                    (start, since),
                    where,
                    started=len(found),
                    active=sum(found),
                    retention_rate=rate(sum(found), len(found)),
                )


def courses(facts: Facts) -> Iterator[Line]:
    """``kpi.courses``: of every course that somebody began or the catalog has."""
    done = first_completions()
    begun: dict[str, dict[str, date]] = defaultdict(dict)
    for person, events in facts.learned.items():
        for at, course, *_ in events:
            if course:
                begun[course].setdefault(person, at.date())
    names = {*begun, *(course for _, course in done), *(course for course, *_ in CATALOG)}
    for course in names:
        known, days = 0, []
        completed = {person: one for (person, name), one in done.items() if name == course}
        for person, one in completed.items():
            starts = [on for on in (one.started, begun[course].get(person)) if on and on <= one.at.date()]
            known += bool(starts)
            start = one.started or begun[course].get(person)
            if start and start <= one.at.date():
                days.append((one.at.date() - start).days)
        started = len({*begun[course], *completed}) if 2 * known >= len(completed) else None
        listed = [(track, hours) for name, track, hours in CATALOG if name == course]
        for track, hours in listed or [(None, None)]:
            yield line(
                ("course", "track"),
                (course, track),
                started=started,
                completed=len(completed),
                completion_rate=rate(len(completed), started) if started else None,
                median_days=quantile(days),
                hours=hours,
                known_starts=known,
            )


def tracks(_: Facts) -> Iterator[Line]:
    """``kpi.tracks``: hours of completed courses by hours of all."""
    done = first_completions()
    for track in ("analyst", "engineer"):
        hours = {course: Fraction(hours) for course, name, hours in CATALOG if name == track}
        members = []
        for person in PERSONS:
            row = row_on(person, AS_OF)
            if row and row.track == track:
                finished = sum(
                    (hours[course] for who, course in done if who == person and course in hours), Fraction(0)
                )
                members.append((person, AS_OF, finished / sum(hours.values())))
        for where, found in sliced(members).items():
            completed = found.count(Fraction(1))
            yield line(
                ("track",),
                (track,),
                where,
                members=len(found),
                median_progress=quantile(found),
                completed=completed,
                completion_rate=rate(completed, len(found)),
            )


def recognition(facts: Facts) -> Iterator[Line]:
    """``ops.recognition``: the three best of a month; ties share a place."""
    done = [(one.person, month_of(one.at)) for one in first_completions().values()]
    for month in MONTHS:
        merits = {
            person: (xp_in(facts, person, month), done.count((person, month)), days)
            for person in PERSONS
            if (days := days_in(facts, person, month))
        }
        for person, merit in merits.items():
            place = 1 + sum(other > merit for other in merits.values())
            if place <= 3:
                figures = dict(zip(("xp", "completions", "active_days"), merit, strict=True))
                yield line(("month", "member_id"), (month, person), rank=place, **figures)
