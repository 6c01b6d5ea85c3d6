"""``python -m tests.truth.replay FIRST [LAST]``: what differs in the programs of those seeds.

One seed is shown with its rows, alone and with versions. Of thousands every other one has versions, and the last line
says how many call persons by several names, how many have files replaced where they lay, and how many differ. Belongs
here: trying seeds. Does not belong here: any comparison.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict

from .generate import edited, generate
from .harness import by_models, differences, program_yaml
from .oracle import evaluate
from .oracle_staging import Case, World, person_of

SCORED = 6
"""Of so many seeds one has its headlines compared, which are those of many days."""

SHOWN_AFTER = 50
"""Seeds after which the count so far is said."""


def main(first: int, last: int | None) -> int:
    """Prints what differs; 1 where anything does."""
    seen: Counter[str] = Counter()
    for seed in range(first, (first if last is None else last) + 1):
        case = generate(seed)
        versions = edited(case)
        has_versions = versions.files != case.files
        for tried in (case, versions)[: 1 + has_versions] if last is None else (versions if seed % 2 else case,):
            found = _differences(tried, with_headlines=last is None or seed % SCORED == 0)
            for line in found:
                print(f"seed {seed}{' with versions' if tried is versions else ''}: {line}", flush=True)
            if last is None:
                _show(tried)
            has = {"names": _changes_names(tried), "versions": tried is versions and has_versions}
            seen.update(programs=1, differ=bool(found), **has)
        if seen["programs"] % SHOWN_AFTER == 0:
            _say(seen)
    _say(seen)
    return 1 if seen["differ"] else 0


def _differences(case: Case, *, with_headlines: bool) -> list[str]:
    expected = evaluate(case, with_headlines=with_headlines)
    return differences(expected, by_models(case, expected))


def _changes_names(case: Case) -> bool:
    """Whether rows of one source call a member by several names."""
    world = World(case)
    for source, files in case.files.items():
        called: dict[str, set[str]] = defaultdict(set)
        for name in {row.get(person_of(source), "").strip() for file in files for row in file.rows}:
            if source not in ("roster", "aliases") and name and (member := world.names.resolve(name)):
                called[member].add(name)
        if any(len(names) > 1 for names in called.values()):
            return True
    return False


def _say(seen: Counter[str]) -> None:
    print(f"{seen['programs']} programs, {seen['names']} with several names of a person,", end=" ")
    print(f"{seen['versions']} with files replaced where they lay: {seen['differ']} differ", flush=True)


def _show(case: Case) -> None:
    print(f"as_of {case.as_of}\n{program_yaml(case)}")
    for source, files in case.files.items():
        for number, file in enumerate(files):
            print(f"--- {source}-{file.place or number}.csv\n{file.content().decode()}")


if __name__ == "__main__":
    seeds = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(seeds[0], seeds[1] if len(seeds) > 1 else None))
