"""``python -m tests.truth.mutants [COUNT] [SEED]``: small wrong changes of the SQL models, and what notices each.

A mutant is tried on generated programs first, put together and alone, against the oracle; what survives, on the tests
of its model. It is killed where a row differs, a run fails or a test does. What cannot differ whatever the data is in
``equivalent_mutants.yaml``, with why. Belongs here: choosing mutants, trying them. Does not belong here: which changes
there are (``mutations``).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from time import process_time

import duckdb
import pytest
import yaml

from assets.sql import instead, made_tables, models, upstream
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY

from .generate import edited, generate
from .generate_joint import together
from .harness import differences, fetch, modeled
from .mutations import Mutation, mutations
from .oracle import Tables, evaluate
from .oracle_staging import Case

COUNT, SEED = 60, 1
ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).parent / "equivalent_mutants.yaml"
TESTS = ("tests/assets", "tests/checks", "tests/by_hand")
TOGETHER, ALONE = 30, 8
"""How many programs are in a joint one, and how many are tried alone after those."""

KEY, SQL = "FELLOWSHIP_MUTANT_KEY", "FELLOWSHIP_MUTANT_SQL"
"""Environment of tests in another process: the model that is another there, and its text."""


@dataclass(frozen=True)
class Mutant:
    """A model with a mutation."""

    key: str
    mutation: Mutation

    @property
    def place(self) -> str:
        """File and line, and what becomes of it."""
        path = models()[self.key].path.relative_to(ROOT)
        return f"{path}:{self.mutation.line} {self.mutation.kind}: {self.mutation.was} => {self.mutation.becomes}"

    @cache  # noqa: B019 - as many as are tried
    def why_equivalent(self) -> str | None:
        """Why it cannot differ; None for one that can."""
        told = (self.key, " ".join(self.mutation.was.split()), self.mutation.becomes)
        return next((one["why"] for one in explained() if (one["model"], one["was"], one["becomes"]) == told), None)


@cache
def explained() -> list[dict[str, str]]:
    """The mutants that cannot differ: model, lines as they are and as they become, why."""
    found: list[dict[str, str]] = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    return found


def chosen(count: int = COUNT, seed: int = SEED) -> list[Mutant]:
    """So many mutants, of as many models as can be, and of kinds alike often; only what the engine takes as SQL."""
    rng = Random(seed)
    found: list[Mutant] = []
    kinds: Counter[str] = Counter()
    keys = list(models())
    with warehouse.connect(None) as con:
        for table in TABLE_BY_KEY.values():
            warehouse.create(con, table)
        while len(found) < count:
            rng.shuffle(keys)
            for key in keys[: count - len(found)]:
                tried = mutations(models()[key].sql)
                rng.shuffle(tried)
                for mutation in sorted(tried, key=lambda one: kinds[one.kind]):
                    if Mutant(key, mutation) not in found and _is_sql(con, mutation.mutated):
                        found.append(Mutant(key, mutation))
                        kinds[mutation.kind] += 1
                        break
    return found


def _is_sql(con: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        con.execute("explain " + sql)
    except duckdb.Error:
        return False
    return True


@dataclass
class Ground:
    """Programs to try mutants on, each made when the first mutant needs it: their tables stand, and what is right."""

    stack: ExitStack
    made: list[tuple[duckdb.DuckDBPyConnection, Tables]] = field(default_factory=list)

    def each(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, Tables]]:
        """The programs, with those that all mutants so far needed first."""
        for number, make in enumerate(PROGRAMS):
            if number == len(self.made):
                case = make()
                expected = evaluate(case, with_headlines=True)
                con = self.stack.enter_context(modeled(case, made_tables()))
                if wrong := differences(expected, {table: fetch(con, table) for table in expected}):
                    raise ValueError(f"{case.name} differs without any mutant: {wrong[0]}")
                self.made.append((con, expected))
            yield self.made[number]


def _joint(first: int) -> Case:
    return together(range(first, first + TOGETHER))


PROGRAMS: tuple[Callable[[], Case], ...] = (
    lambda: _joint(50_000),
    lambda: edited(_joint(50_100)),
    lambda: _joint(50_200),
    lambda: _joint(50_300),
    *(lambda seed=seed: generate(seed) for seed in range(50_400, 50_400 + ALONE)),
)


def notices(mutant: Mutant, ground: Ground) -> str | None:
    """What notices the mutant; None where nothing does."""
    for number, (con, expected) in enumerate(ground.each()):
        wanted = [table for table in expected if mutant.key in upstream([table])]
        if not wanted:
            break
        if line := _differs(con, expected, mutant, wanted):
            return f"program {number}: {line}"
    return _failing_test(mutant)


def _differs(con: duckdb.DuckDBPyConnection, expected: Tables, mutant: Mutant, wanted: list[str]) -> str | None:
    try:
        with instead(con, {mutant.key: mutant.mutation.mutated}, wanted):
            found = differences({table: expected[table] for table in wanted}, {one: fetch(con, one) for one in wanted})
    except duckdb.Error as error:
        return f"the run fails: {str(error).splitlines()[0]}"
    return found[0] if found else None


def _failing_test(mutant: Mutant) -> str | None:
    """The first test that fails with the mutant, of the modules that name its table or one that is made of it."""
    for key in [mutant.key, *(key for key in models() if mutant.key in models()[key].reads)]:
        modules = [path for place in TESTS for path in sorted((ROOT / place).rglob("test_*.py")) if _names(path, key)]
        if not modules:
            continue
        words = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", __spec__.name if __spec__ else __name__]
        environment = {**os.environ, KEY: mutant.key, SQL: mutant.mutation.mutated}
        names = [str(path.relative_to(ROOT)) for path in modules]
        ran = subprocess.run(
            [*words, *names], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )  # fmt: skip
        if ran.returncode == pytest.ExitCode.TESTS_FAILED:
            return next(line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR")))[:200]
        if ran.returncode:
            raise RuntimeError(ran.stdout + ran.stderr)
    return None


def _names(path: Path, key: str) -> bool:
    return f'"{key}"' in path.read_text(encoding="utf-8")


def pytest_configure() -> None:
    """As a plugin of pytest: the model is the mutant, where the environment says so."""
    if key := os.environ.get(KEY):
        models()[key].sql = os.environ[SQL]


def main(count: int, seed: int) -> int:
    """Prints each mutant with what notices it, and how many nothing does; 1 where an unexplained one survives."""
    outcomes: Counter[str] = Counter()
    with ExitStack() as stack:
        ground = Ground(stack)
        for mutant in chosen(count, seed):
            what = "equivalent" if mutant.why_equivalent() else (notices(mutant, ground) or "survived")
            outcomes[what if what in ("equivalent", "survived") else "killed"] += 1
            print(f"{mutant.place}\n    {what[:300]}", flush=True)
    asked = count - outcomes["equivalent"]
    print(
        f"{count} mutants of seed {seed}: {outcomes['killed']} of {asked} killed ({outcomes['killed'] / asked:.1%}), "
        f"{outcomes['equivalent']} cannot differ, {outcomes['survived']} survived; {process_time():.0f} CPU seconds"
    )
    return 1 if outcomes["survived"] else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*numbers, *(COUNT, SEED)[len(numbers) :]))
