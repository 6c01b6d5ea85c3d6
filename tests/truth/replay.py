"""``python -m tests.truth.replay FIRST [LAST]``: what differs in the programs of those seeds.

Belongs here: showing one seed with its rows, or trying thousands. Does not belong here: any comparison.
"""

from __future__ import annotations

import sys

from .generate import generate
from .harness import by_models, differences, program_yaml
from .oracle import evaluate


def main(first: int, last: int | None) -> int:
    """Prints what differs; 1 where anything does."""
    count = 0
    for seed in range(first, (first if last is None else last) + 1):
        case = generate(seed)
        expected = evaluate(case, with_headlines=True)
        found = differences(expected, by_models(case, expected))
        count += bool(found)
        for line in found:
            print(f"seed {seed}: {line}")
        if last is None:
            print(f"as_of {case.as_of}\n{program_yaml(case)}")
            for source, files in case.files.items():
                for number, file in enumerate(files):
                    print(f"--- {source}-{number}.csv\n{file.content().decode()}")
    print(f"{count} programs differ")
    return 1 if count else 0


if __name__ == "__main__":
    seeds = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(seeds[0], seeds[1] if len(seeds) > 1 else None))
