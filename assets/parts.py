"""Models made in parts: which, in which order, and what of each is made where.

Facts lie in parts; whatever is divided alike and made of them is made where they are, by the select that its model has.
Of a model that counts over everybody one step is made there; its rows add up, and the rest of the select is made here,
of the sums. Belongs here: what is said to a part, and what becomes of what comes out. Does not belong here: how tables
divide (``contracts/divided.py``), or where parts are (``fellowship_pipeline/engine``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import duckdb

from assets.sql import Model, made_tables, models
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.contracts.divided import DIVIDED, SUMS
from fellowship_pipeline.engine.part import OwnRows, Work
from fellowship_pipeline.warehouse import selects
from fellowship_pipeline.warehouse.names import identifier, qualified

FACTS = frozenset({"staging.activity"})
"""The tables of which there may be too many rows for one machine."""

TOLD = "told"
"""The schema, in parts, of what they tell of a model that counts over everybody."""

TOLD_OF = {f"{TOLD}.{TABLE_BY_KEY[key].name}": key for key in SUMS}
"""What parts tell: by its key the table that is made of it."""

STEP = re.compile(r"^(?P<name>\w+) as (?:materialized )?\(\n.*?^\)", re.MULTILINE | re.DOTALL)
"""A step (CTE) of a model, as all are written: its name at the line's beginning, its end too."""


@dataclass(frozen=True)
class Stage:
    """Tables made one after the other, by key: in parts (``told.NAME`` among them), or each all at once."""

    keys: tuple[str, ...]
    in_parts: bool

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables among them."""
        return tuple(key for key in self.keys if not key.startswith(TOLD))

    @property
    def answers(self) -> tuple[str, ...]:
        """The tables for which it is made, those included of which parts tell."""
        return tuple(TOLD_OF.get(key, key) for key in self.keys)


@cache
def stages(facts: frozenset[str] = FACTS) -> tuple[Stage, ...]:
    """Everything that is made of tables, in order, where ``facts`` lie in parts.

    As few stages in parts as there can be: what parts tell of everybody is put together before what asks for it.
    """
    reads = _reads(facts)
    far = _in_parts(reads, facts)
    at: dict[str, int] = {}
    for key, read in reads.items():
        at[key] = max((at[one] + (one in far and key not in far) for one in read if one in at), default=0)
    found = []
    for level in range(max(at.values()) + 1):
        for in_parts in (False, True):
            keys = tuple(key for key, own in at.items() if own == level and (key in far) is in_parts)
            found += [Stage(keys, in_parts)] if keys else []
    return tuple(found)


def _reads(facts: frozenset[str]) -> dict[str, frozenset[str]]:
    """What everything that is made reads, in order; what parts tell is something of its own."""
    found: dict[str, frozenset[str]] = {}
    far = set(facts)
    for key, made in made_tables().items():
        if isinstance(made, Model) and key in SUMS and selects.reads(told_by(made)) & far:
            found[_told(key)] = selects.reads(told_by(made))
            found[key] = selects.reads(rest_of(made)) | {_told(key)}
            continue
        found[key] = made.reads
        if key in DIVIDED and DIVIDED[key].member and made.reads & far:
            far.add(key)
    return found


def _in_parts(reads: Mapping[str, frozenset[str]], facts: frozenset[str]) -> frozenset[str]:
    far = set(facts)
    for key, read in reads.items():
        if key.startswith(TOLD) or (key in DIVIDED and DIVIDED[key].member and read & far):
            far.add(key)
    return frozenset(far - facts)


@cache
def staying(facts: frozenset[str] = FACTS) -> frozenset[str]:
    """The tables made in parts that no model made all at once reads: they stay where they are.

    The headlines of other days ask for a few of their rows.
    """
    reads = _reads(facts)
    far = _in_parts(reads, facts)
    needed = {one for key, read in reads.items() if key in models() and key not in far for one in read}
    return frozenset(key for key in far - needed if not key.startswith((TOLD, "ops", "kpi")))


def told_by(model: Model) -> str:
    """A select of what a part tells of a model that counts over everybody: the rows of its step that adds up."""
    wanted = SUMS[model.table.key].step
    return _with(_needed(_steps(model), "from " + wanted), "select * from " + wanted)


def rest_of(model: Model) -> str:
    """The rest of the select, of what all parts told, which is put together in the temporary table ``told_NAME``."""
    own = SUMS[model.table.key]
    found = _steps(model)
    found[own.step] = f"{own.step} as (\n    select * from temp.told_{model.table.name}\n)"
    below = model.sql[model.sql.rindex("\n)\n") + len("\n)\n") :].strip()
    return _with(_needed(found, below), below)


def _steps(model: Model) -> dict[str, str]:
    """Every step of a model's select by name, as it is written, in order."""
    return {found["name"]: found[0] for found in STEP.finditer(model.sql.replace("\nwith ", "\n", 1))}


def _needed(found: Mapping[str, str], below: str) -> list[str]:
    """The steps that a select below them needs, in order."""
    kept: list[str] = []
    text = below
    for name, step in reversed(list(found.items())):
        if re.search(rf"\b(from|join) {name}\b", text):
            kept.insert(0, step)
            text += step
    return kept


def _with(found: Iterable[str], below: str) -> str:
    return "with " + ",\n\n".join(found) + "\n\n" + below


def _told(key: str) -> str:
    return TOLD + "." + TABLE_BY_KEY[key].name


def name(key: str) -> str:
    """A table's name as SQL writes it, quoted."""
    return ".".join(map(identifier, key.split(".")))


def sliced(stage: Stage, facts: frozenset[str] = FACTS) -> dict[str, str]:
    """The tables of which each part of a stage is sent its own rows: by key, SQL of whom a row is about."""
    return {key: str(DIVIDED[key].member) for key in sorted(_asked(stage, facts)) if key in DIVIDED}


def _asked(stage: Stage, facts: frozenset[str]) -> frozenset[str]:
    reads = _reads(facts)
    asked = {one for key in stage.keys for one in reads[key]} - set(stage.keys)
    return frozenset(asked)


def work(
    con: duckdb.DuckDBPyConnection, stage: Stage, memory: int | None = None, facts: frozenset[str] = FACTS
) -> Work:
    """What every part of a stage is told to do; ``con`` has all the tables that it is sent whole."""
    asked = _asked(stage, facts)
    whole = {name(key): con.table(key).to_arrow_table() for key in sorted(asked - sliced(stage, facts).keys())}
    statements = [statement for key in stage.keys for statement in _making(key)]
    wanted = {key: "select * from " + name(key) for key in stage.keys}
    own = {key: OwnRows(name(key), con.table(key).limit(0).to_arrow_table()) for key in sliced(stage, facts)}
    return Work(whole, own, tuple(statements), wanted, (*warehouse.SCHEMAS, TOLD), memory)


def _making(key: str) -> Iterator[str]:
    """Statements that make a table in a part."""
    if key.startswith(TOLD):
        yield "create table " + name(key) + " as " + told_by(models()[TOLD_OF[key]])
        return
    table = TABLE_BY_KEY[key]
    names = ", ".join(map(identifier, table.column_names))
    yield warehouse.ddl(table)
    yield "insert into " + qualified(table) + " (" + names + ") select " + names + " from (" + models()[key].sql + ")"


def part_of(person: str, parts: int) -> str:
    """SQL of the number of the part, from 0, that the rows of a person are in; ``person``: SQL of whom they are about.

    By a hash that every engine has.
    """
    return f"cast('0x' || substr(md5(coalesce({person}, '')), 1, 8) as bigint) % {parts}"


def put_together(con: duckdb.DuckDBPyConnection, key: str, rows: str) -> None:
    """A table of what came out of all parts, or of what they told, the sums; ``rows``: SQL of the rows of all parts."""
    if not key.startswith(TOLD):
        warehouse.write_select(con, TABLE_BY_KEY[key], rows)
        return
    own = SUMS[TOLD_OF[key]]
    columns = [column for column, *_ in con.execute("describe " + rows).fetchall()]
    shown = [f"sum({column}) as {column}" if column in own.adds else column for column in columns]
    put = "create or replace temp table " + key.replace(".", "_") + " as select " + ", ".join(shown)
    con.execute(put + " from (" + rows + ") group by all")


def make_whole(con: duckdb.DuckDBPyConnection, key: str) -> int:
    """Makes a table all at once; of a model of which parts told, the rest. Returns its rows."""
    model = models()[key]
    return warehouse.write_select(con, model.table, rest_of(model) if key in SUMS else model.sql)
