"""Small random programs that sit on the boundaries of the KPI dictionary; one seed, one program.

Belongs here: what volunteers' data can look like at its edges. Does not belong here: what the figures then are.

Left out, because the dictionary does not decide them: two different events of one rank at one instant of one seat,
two rules of one review month for one study mode, two rows of one cohort that begin on one day, and results of two
stages of one applicant at one instant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import UTC, date
from random import Random
from typing import Any

from . import generate_community, generate_missions, generate_populations
from .generate_names import renamed
from .generate_program import Program
from .oracle_calendar import DAY, month_end, month_of
from .oracle_seats import ORDER
from .oracle_staging import Case, File, TextRow, World

VERSIONED = ("activity", "seat_events", "completions", "applications", "certifications", "attendance", "outcomes")
ONCE = {
    "xp": ("7", "1", "0"),
    "event": ("accepted", "returned"),
    "course": ("R", "통계"),
    "result": ("passed", "failed"),
    "started_at": ("2021-01-01",),
    "minutes": ("11",),
}
"""What cells may have been in a version before."""


def by_months(case: Case) -> Case:
    """The case with its activity in a file per month, whose name declares it; one may be cut or not have come."""
    rng, world = Random(case.name), World(case)
    texts: dict[date, list[TextRow]] = defaultdict(list)
    for file in case.files.get("activity", ()):
        for text in file.rows:
            if row := world.typed("activity", text):
                texts[month_of(world.day(row["occurred_at"]))].append(text)
    files = []
    for month in sorted(texts):
        first, last = month + rng.choice((0, 0, 0, 0, 1)) * DAY, month_end(month) - rng.choice((0, 0, 0, 0, 1)) * DAY
        if rng.random() < 0.9:
            files.append(File(tuple(texts[month]), (first, last)))
    covers = {"filename": r"activity-(?P<from>\d{4}-\d\d-\d\d)_(?P<to>\d{4}-\d\d-\d\d)"}
    sources = {**case.files, "activity": tuple(files)} if files else case.files
    return replace(case, files=sources, activity={"covers": covers} if files else case.activity)


def tidied(case: Case) -> Case:
    """The case with activity as a machine would write it: nothing quoted or broken, one form to a column."""
    world = World(case)
    files = {}
    for source, found in case.files.items():
        rows = [[(text, world.typed(source, text)) for text in file.rows] for file in found]
        if source == "activity":
            rows = [[(text | _machine_written(row), row) for text, row in one if row] for one in rows]
        kept = [(file, tuple(_unquoted(text) for text, _ in one)) for file, one in zip(found, rows, strict=True)]
        files[source] = tuple(replace(file, rows=texts) for file, texts in kept if texts)
    return replace(case, files={source: found for source, found in files.items() if found})


def _unquoted(text: TextRow) -> TextRow:
    """No comma in names of courses and members."""
    named = ("course", "target", "member")
    return {name: cell.replace(", ", " ") if name in named else cell for name, cell in text.items()}


def _machine_written(row: dict[str, Any]) -> TextRow:
    """The instant in UTC to the microsecond, and the numbers without a sign."""
    numbers = {name: format(row[name], "f") for name in ("xp", "minutes") if row.get(name) is not None}
    return {"occurred_at": row["occurred_at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), **numbers}


def edited(case: Case) -> Case:
    """The case with older versions, in the same place, of the last files of some sources."""
    rng = Random(f"versions {case.name}")
    files = dict(case.files)
    for source in VERSIONED:
        if (found := files.get(source)) and rng.random() < 0.6:
            whole = replace(found[-1], place="edited")
            last = _moved_on(whole) if rng.random() < 0.4 else whole
            older = [_older(whole, rng) for _ in range(rng.choice((1, 1, 2)))]
            versions = (*found[:-1], *older, last)
            if len({file.sha256 for file in versions}) == len(versions):
                files[source] = versions
    return decided(replace(case, files=files))


def _moved_on(file: File) -> File:
    """The file without what was in its first lines; where these had its earliest instants, the older one stands too."""
    return replace(file, rows=file.rows[len(file.rows) // 2 :])


def _older(file: File, rng: Random) -> File:
    """What the file may have been before: some rows with other values, some missing, some that it has no longer."""
    rows = [dict(row) for row in file.rows if rng.random() < 0.9] or [dict(file.rows[0])]
    for row in rows:
        row.update({name: rng.choice(was) for name, was in ONCE.items() if row.get(name) and rng.random() < 0.1})
    kept = rows[len(rows) // 2 :] if rng.random() < 0.2 else rows
    return replace(file, rows=tuple(kept))


def unambiguous(
    case: Case, source: str, instant: str, twins: Callable[[dict[str, Any]], tuple[Hashable, Hashable]]
) -> Case:
    """The case without rows that another row contradicts at one instant: ``twins`` gives what is decided, and how."""
    world = World(case)
    name = "applicant" if source == "applications" else "member"
    seen: dict[Hashable, Hashable] = {}
    files = []
    for file in case.files.get(source, ()):
        kept = []
        for text in file.rows:
            row = world.typed(source, text)
            if row is None:
                kept.append(text)
                continue
            person = world.names.resolve(row[name]) or f"name:{row[name]}"
            what, how = twins(row)
            if seen.setdefault((person, row[instant], what), how) == how:
                kept.append(text)
        if kept:
            files.append(replace(file, rows=tuple(kept)))
    others = {name: found for name, found in case.files.items() if name != source}
    return replace(case, files={**others, **({source: tuple(files)} if files else {})})


def happenings(program: Program) -> None:
    """What a program has besides seats, learning and surveys."""
    for part, share in (
        (generate_community.sessions, 0.5),
        (generate_community.support, 0.4),
        (generate_missions.missions, 0.6),
        (generate_missions.certifications, 0.4),
        (generate_missions.outcomes, 0.5),
        (generate_missions.journey, 0.4),
        (generate_missions.seeking, 0.6),
        (generate_missions.channels, 0.7),
        (generate_missions.terms, 0.3),
        (generate_populations.roles, 0.6),
        (generate_populations.windows, 0.5),
        (generate_populations.comings, 0.7),
        (generate_populations.enrolled_twice, 0.3),
        (generate_populations.unstarted, 0.4),
    ):
        if program.chance(share):
            part(program)


def generate(seed: int, like: int | None = None) -> Case:
    """The program of that seed; in the months and the time zone, and of the least XP, of another's where asked for."""
    program = Program(seed, like)
    program.cohorts()
    if program.chance(0.85):
        program.roster()
    if program.chance(0.6):
        program.aliases()
    program.seats()
    if program.chance(0.85):
        program.seat_events()
    if "seat_events" not in program.rows or program.chance(0.1):
        program.seat_snapshots()
    entry = program.activity() if program.chance(0.95) else {}
    program.review()
    for part, share in (
        (program.completions, 0.7),
        (program.catalog, 0.7),
        (program.applications, 0.6),
        (program.surveys, 0.6),
        (program.aims, 0.5),
    ):
        if program.chance(share):
            part()
    happenings(program)
    if program.chance(0.3):
        program.settings["engagement"] = {"window_days": program.pick((1, 7, 28, 31))}
    if program.chance(0.15):
        program.spoil()
    files = {source: program.split(source) for source, rows in program.rows.items() if rows}
    case = Case(f"seed {seed}", program.settings, files, program.as_of(), entry)
    case = renamed(case, Random(f"names {seed}"))
    return decided(case)


def decided(case: Case) -> Case:
    """The case without what nothing decides."""
    case = unambiguous(
        case, "seat_events", "occurred_at", lambda row: ((row.get("pool"), ORDER[row["event"]]), row["event"])
    )
    return unambiguous(case, "applications", "decided_at", lambda row: ("", (row["cohort"], row["stage"])))
