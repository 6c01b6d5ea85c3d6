"""``python -m tests.truth.many FIRST LAST``: facts, names and versions of the programs of those seeds, many at once.

The persons of many programs are put into one, each with a mark of its seed, so that a thousand seeds take minutes.
Compared are staged rows, not figures (``replay`` does). Belongs here: putting programs together, telling rows that
differ. Does not belong here: what rows are right (``oracle_staging``).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from .generate import edited, generate
from .harness import staged
from .oracle_staging import NATURAL_KEYS, Case, File, Row, TextRow, World, person_of

AT_ONCE = 50
SHOWN = 8
NAMES = ("member", "applicant", "value", "email", "name")
KEPT = ("timezone", "cohorts")
"""Settings of the first program that the joint one has; all seats are of one pool."""

IMPERSONAL = ("sessions", "catalog", "missions", "benchmarks")
MORE = {
    "roster": ("left_on", "email", "name"),
    "applications": ("result",),
    "activity": ("xp", "minutes"),
    "completions": ("started_at",),
    "attendance": ("minutes", "status"),
    "survey_responses": ("submitted_at", "answer"),
}
"""Columns that tell which of the rows of one natural key was kept."""


def together(seeds: Sequence[int]) -> Case:
    """One program with the rows of all; the first files of a source are one file, and so on."""
    files: dict[str, list[list[TextRow]]] = {}
    cases = [generate(seed) for seed in seeds]
    for seed, case in zip(seeds, cases, strict=True):
        for source, found in case.files.items():
            lists = files.setdefault(source, [])
            lists += [[] for _ in found[len(lists) :]]
            for rows, file in zip(lists, found, strict=False):
                rows += [_marked(row, f"~{seed}") for row in file.rows]
    settings = {name: value for name, value in cases[0].settings.items() if name in KEPT}
    settings["seats"] = [{"pool": "p", "from": "2021-01-01", "capacity": 9}]
    joint = {source: tuple(File(tuple(rows)) for rows in lists) for source, lists in files.items()}
    zone = {name: value for name, value in cases[0].activity.items() if name == "timezone"}
    return Case(f"seeds {seeds[0]} to {seeds[-1]}", settings, joint, activity=zone)


def _marked(row: TextRow, mark: str) -> TextRow:
    return {name: cell.rstrip() + mark if name in NAMES and cell.strip() else cell for name, cell in row.items()}


def row_differences(case: Case) -> Iterator[str]:
    """A line per staged row that is missing or too many."""
    world = World(case)
    columns = {source: _columns(source) for source in case.files}
    got = staged(case, columns)
    for source, names in columns.items():
        expected = Counter(tuple(_plain(row.get(name)) for name in names) for row in _facts(world, source))
        there = Counter(tuple(map(_plain, row)) for row in got[source])
        for what, rows in (("missing", expected - there), ("too many", there - expected)):
            yield from (f"{source} {what}: {row}" for row in rows)


def _columns(source: str) -> list[str]:
    member = [] if source in IMPERSONAL else ["member_id"]
    return [*member, *NATURAL_KEYS[source], *MORE.get(source, ())]


def _facts(world: World, source: str) -> Iterable[Row]:
    for row in world.facts[source]:
        name = row.get(person_of(source))
        if source == "aliases":
            yield {**row, "member_id": world.names.named_by_aliases.get(str(name))}
        else:
            yield {**row, "member_id": world.names.resolve(name)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return float(value) if isinstance(value, (Decimal, float)) else value


def main(first: int, last: int) -> int:
    """Prints what differs; 1 where anything does."""
    count = 0
    for start in range(first, last + 1, AT_ONCE):
        case = together(range(start, min(start + AT_ONCE, last + 1)))
        for tried in (case, edited(case)):
            found = list(row_differences(tried))
            count += len(found)
            for line in found[:SHOWN]:
                print(f"{case.name}{'' if tried is case else ' with versions'}: {line}", flush=True)
    print(f"{last - first + 1} programs, alone and with files replaced where they lay: {count} rows differ")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
