"""``python -m tests.truth.divisions FIRST LAST``: the programs of those seeds, made in parts, against all at once.

Each in parts of persons, as many as its seed says, from 1 to 64, and of months. Belongs here: dividing at random,
telling tables that differ. Does not belong here: how tables divide (``contracts/divided.py``).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from assets import parts
from assets.sql import OTHER_DAYS, made_tables, models
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.contracts.divided import DIVIDED
from fellowship_pipeline.engine.part import make

from .generate import generate
from .harness import modeled
from .oracle_staging import Case

MOST = 64
OTHERS = {made.table.key: made for made in OTHER_DAYS}


def rows(con: duckdb.DuckDBPyConnection, key: str) -> Counter[tuple[Any, ...]]:
    """The rows of a table, each as often as it is there; doubles that are not told apart are alike."""
    return Counter(
        tuple(float(f"{value:.12g}") if isinstance(value, float) else value for value in row)
        for row in con.execute(f"select * from {key}").fetchall()
    )


def make_in_parts(con: duckdb.DuckDBPyConnection, number: int, random_: random.Random) -> None:
    """Makes every table of those that are given, what divides by persons in so many parts of them, at random."""
    for stage in parts.stages():
        if not stage.in_parts:
            for key in stage.keys:
                OTHERS[key].run(con) if key in OTHERS else parts.make_whole(con, key)
            continue
        sliced = parts.sliced(stage)
        names = sorted({name for key, person in sliced.items() for (name,) in _persons(con, key, person)})
        con.execute("create or replace temp table places (_place varchar, _part bigint)")
        if names:
            con.executemany("insert into places values (?, ?)", [(name, random_.randrange(number)) for name in names])
        work = parts.work(con, stage)
        made = [
            make(work, {key: _slice(con, key, person, part) for key, person in sliced.items()})
            for part in range(number)
        ]
        for key in stage.keys:
            con.register("came", pa.concat_tables([part[key] for part in made]))
            parts.put_together(con, key, "select * from came")
            con.unregister("came")


def _persons(con: duckdb.DuckDBPyConnection, key: str, person: str) -> list[tuple[str]]:
    return con.execute(f"select distinct coalesce({person}, '') from {key}").fetchall()


def _slice(con: duckdb.DuckDBPyConnection, key: str, person: str, part: int) -> Any:
    chosen = f"(select _part from places where _place = coalesce({person}, ''))"
    return con.sql(f"select * from {key} where {chosen} = {part}").to_arrow_table()


def by_months(con: duckdb.DuckDBPyConnection, number: int, random_: random.Random) -> Iterator[str]:
    """Tables that divide by months and differ where each part has its own; those they read stand whole in ``con``."""
    for key, model in models().items():
        if key not in DIVIDED or not DIVIDED[key].month:
            continue
        found: Counter[tuple[Any, ...]] = Counter()
        seed = random_.random()
        for part in range(number):
            with duckdb.connect(":memory:") as own:
                for schema in warehouse.SCHEMAS:
                    own.execute(f"create schema {schema}")
                for read in sorted(model.reads, key=lambda read: read != "core.parameters"):
                    month = DIVIDED[read].month if read in DIVIDED else None
                    where = f"where hash(date_trunc('month', {month}), {seed}) % {number} = {part}" if month else ""
                    own.register("arrived", con.sql(f"select * from {read} {where}").to_arrow_table())
                    own.execute(f"create table {read} as from arrived")
                of_part = f"hash(date_trunc('month', {DIVIDED[key].month}), {seed}) % {number} = {part}"
                warehouse.write_select(own, model.table, f"select * from ({model.sql}) where {of_part}")
                found += rows(own, key)
        if found != rows(con, key):
            yield f"{key} in {number} parts of months"


def differences(case: Case, seed: int) -> Iterator[str]:
    """A line for each table of a program that is another when it is made in parts."""
    random_ = random.Random(seed)
    number = min(MOST, 1 + int(random_.expovariate(1 / 8)))
    with modeled(case, made_tables()) as con:
        con.execute("set threads = 1")
        expected = {key: rows(con, key) for key in made_tables()}
        yield from by_months(con, number, random_)
        for key in made_tables():
            warehouse.drop(con, TABLE_BY_KEY[key])
        make_in_parts(con, number, random_)
        for key, there in expected.items():
            if rows(con, key) != there:
                yield f"{key} in {number} parts of persons"


def main(first: int, last: int) -> int:
    """Prints what differs; 1 where anything does."""
    found = 0
    for seed in range(first, last + 1):
        for line in differences(generate(seed), seed):
            found += 1
            print(f"seed {seed}: {line}", flush=True)
    print(f"{last - first + 1} programs, each divided by persons and by months: {found} tables differ")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
