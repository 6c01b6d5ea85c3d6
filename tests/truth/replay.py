"""``python -m tests.truth.replay FIRST [LAST]``: what differs in the programs of those seeds, alone and with versions.

One seed is shown with its rows. Of thousands the last line says how many have persons under several names, how many
have files replaced where they lay, and how many differ. Belongs here: trying seeds. Does not belong here: any
comparison.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict

from .generate import edited, generate
from .harness import by_models, differences, program_yaml
from .oracle import evaluate
from .oracle_staging import Case, World, person_of


def main(first: int, last: int | None) -> int:
    """Prints what differs; 1 where anything does."""
    seen: Counter[str] = Counter()
    for seed in range(first, (first if last is None else last) + 1):
        case = generate(seed)
        versions = edited(case)
        found = _tried(case)
        if versions.files != case.files:
            found += [f"with versions: {line}" for line in _tried(versions, with_headlines=False)]
        seen.update(programs=1, differ=bool(found), versions=versions.files != case.files, names=_changes_names(case))
        for line in found:
            print(f"seed {seed}: {line}", flush=True)
        if last is None:
            _show(case)
            if versions.files != case.files:
                _show(versions)
    print(f"{seen['programs']} programs, {seen['names']} with several names of a person,", end=" ")
    print(f"{seen['versions']} also with files replaced in place: {seen['differ']} differ")
    return 1 if seen["differ"] else 0


def _tried(case: Case, *, with_headlines: bool = True) -> list[str]:
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


def _show(case: Case) -> None:
    print(f"as_of {case.as_of}\n{program_yaml(case)}")
    for source, files in case.files.items():
        for number, file in enumerate(files):
            print(f"--- {source}-{file.place or number}.csv\n{file.content().decode()}")


if __name__ == "__main__":
    seeds = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(seeds[0], seeds[1] if len(seeds) > 1 else None))
