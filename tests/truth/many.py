"""``python -m tests.truth.many FIRST LAST``: what differs in the programs of those seeds, a hundred at a time.

A hundred programs put into one take a tenth of the time that they take one by one (``replay``). Every other hundred
has files replaced where they lay, every third has its headlines compared, every tenth comes from files through intake.
What is said after each hundred is where to go on from. Belongs here: trying programs that are put together, telling
staged rows that differ. Does not belong here: putting them together (``generate_joint``), what is right (``oracle``).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from .generate import edited
from .generate_joint import together
from .harness import by_intake, by_models, differences, marked, staged
from .oracle import evaluate
from .oracle_staging import NATURAL_KEYS, Case, Row, World, person_of

AT_ONCE = 100
SCORED = 3
FROM_FILES = 10
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
    count = from_files = 0
    for start in range(first, last + 1, AT_ONCE):
        end = min(start + AT_ONCE - 1, last)
        batch = start // AT_ONCE
        case = together(range(start, end + 1))
        case = edited(case) if batch % 2 else case
        case = case if batch % FROM_FILES else marked(case)
        expected = evaluate(case, with_headlines=batch % SCORED == 0)
        if batch % FROM_FILES:
            found = differences(expected, by_models(case, expected))
        else:
            from_files += end - start + 1
            with TemporaryDirectory() as home:
                found = differences(expected, by_intake(case, Path(home), expected))
        count += len(found)
        for line in found:
            print(f"{case.name}{' with versions' if batch % 2 else ''}: {line}", flush=True)
        print(
            f"{end - first + 1} programs ({first} to {end}), {from_files} of them from files: {count} rows differ, "
            f"{process_time():.0f} CPU seconds",
            flush=True,
        )
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
