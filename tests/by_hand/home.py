"""The home that a volunteer would have of this program: ``program.yaml`` and exports that write names differently.

Belongs here: which file writes what, under which of a person's names. Does not belong here: forms and meetings
(``forms``), what the figures are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from . import doings
from .facts import Facts, completions, corrected, mistaken
from .forms import land_forms
from .people import PEOPLE, ROWS, day, lines, moment

PROGRAM = Path(__file__).with_name("program.yaml")
OVERLAP = timedelta(4)
LAST_EXPORT = date(2025, 3, 25)
BEGINS = [date(2024, month, 1) for month in range(9, 13)] + [date(2025, month, 1) for month in range(1, 5)]


def names(person: str) -> list[str]:
    """The names that exports know: id, address, in capitals; of some an old address, a handle, the name itself."""
    if person not in PEOPLE:
        return [person]
    number, row = int(person[1:]), PEOPLE[person]
    found = [person, row.address, row.address.upper()]
    return found + [value for _, value in _other_names(number, row.name)]


def _other_names(number: int, name: str) -> list[tuple[str, str]]:
    every = [
        (number % 3 == 0, ("email", f"Old.{number}@mail.example")),
        (number % 4 == 1, ("discord", f"handle#{number}")),
        (number % 5 == 2, ("name", name)),
    ]
    return [other for is_known, other in every if is_known]


def spelled(person: str, export: int) -> str:
    """The name under which an export of that number has the person: another one in the next."""
    known = names(person)
    return known[(export + sum(map(ord, person))) % len(known)]


def write(place: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    """A CSV file."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *(["" if cell is None else cell for cell in r] for r in rows)])


def land(home: Path) -> None:
    """Everything as it came at first: November's export and the seat log with mistakes in them."""
    landing = home / "landing"
    landing.mkdir(parents=True)
    (home / "program.yaml").write_text(PROGRAM.read_text(encoding="utf-8"), encoding="utf-8")
    _people(landing)
    for number, (begins, ends) in enumerate(pairwise(BEGINS)):
        _activity(landing, mistaken(), number, begins, ends)
    _seats(landing, mistaken())
    _courses(landing)
    land_forms(landing, spelled, write)


def correct(home: Path) -> None:
    """November's export and the seat log replaced where they lay."""
    november = BEGINS.index(date(2024, 11, 1))
    _activity(home / "landing", corrected(), november, BEGINS[november], BEGINS[november + 1])
    _seats(home / "landing", corrected())


def _people(landing: Path) -> None:
    header = "member,name,email,cohort,role,study_mode,study_group,track,joined_on,left_on"
    roster = [(r.person, r.name, r.address, r.cohort, r.role, r.mode, r.group, r.track, r.joined, r.left) for r in ROWS]
    write(landing / "roster.csv", header, roster)
    aliases = []
    for person, row in PEOPLE.items():
        number = int(person[1:])
        known = [person, row.address.upper(), row.address]
        aliases += [(known[number % 3], kind, value) for kind, value in _other_names(number, row.name)]
    write(landing / "aliases.csv", "member,kind,value", aliases)


def _activity(landing: Path, facts: Facts, number: int, begins: date, ends: date) -> None:
    """A month with some days before and after it; every other export tells the time in UTC."""
    restated = {(person, moment(at, "")): xp for person, at, xp in doings.RESTATED}
    rows = []
    for one in sorted(facts.learning, key=lambda one: (one.at, one.person)):
        if begins - OVERLAP <= one.at.date() < ends + OVERLAP and one.at.date() <= LAST_EXPORT:
            is_old = one.at.date() >= ends and (one.person, one.at) in restated
            xp = restated[one.person, one.at] if is_old else one.xp
            rows.append((spelled(one.person, number), _written(one.at, number), one.course, xp, one.minutes))
    write(landing / f"activity/{begins:%Y-%m}.csv", "member,occurred_at,course,xp,minutes", rows)


def _written(at: datetime, number: int) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if number % 2 else f"{at - timedelta(hours=9):%Y-%m-%dT%H:%M:00Z}"


def _seats(landing: Path, facts: Facts) -> None:
    events = sorted(facts.seats, key=lambda one: (one.at, one.person))
    rows = [
        (spelled(one.person, number), one.event, _written(one.at, 0), one.pool) for number, one in enumerate(events)
    ]
    write(landing / "seats/log.csv", "member,event,occurred_at,pool", rows)


def _courses(landing: Path) -> None:
    done = [(spelled(c.person, n), c.course, _written(c.at, 1), c.started) for n, c in enumerate(completions())]
    write(landing / "completions.csv", "member,course,completed_at,started_at", done)
    write(landing / "catalog.csv", "course,track,hours", doings.CATALOG)
    certified = [(spelled(person, 1), what, day(on)) for person, what, on in doings.CERTIFIED]
    write(landing / "certifications.csv", "member,certification,issued_on", certified)
    missions = [
        (cohort, mission, day(due), *("" if word == "-" else word for word in rest))
        for cohort, mission, due, *rest in lines(doings.MISSIONS)
    ]
    header = "cohort,mission,due_at,alternative,requirement,target,threshold,mandatory"
    write(landing / "missions.csv", header, missions)
