"""A source that is a table of a lake: mapped, checked and counted where it lies; only sums and names come here.

Its rows are held to the rules of files, as the same text, by the same SQL. Belongs here: what is said to the tasks that
have the rows, and what becomes of what they tell. Does not belong here: how they are reached (``engine.spark``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import pyarrow as pa

from fellowship_pipeline.contracts import SOURCE_BY_NAME, TABLE_BY_KEY
from fellowship_pipeline.engine.part import PART, OwnRows, Work
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.rules import rules
from fellowship_pipeline.intake.staging import coverage, identity
from fellowship_pipeline.intake.staging import facts as typing
from fellowship_pipeline.program.mistakes import unknown
from fellowship_pipeline.warehouse import ddl, facts
from fellowship_pipeline.warehouse.names import identifier, literal

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

ACTIVITY = SOURCE_BY_NAME["activity"]
STAGING = TABLE_BY_KEY["staging.activity"]
ARRIVED = "raw.arrived"
LAKE = "lake-"
"""How the file ids of tables of a lake begin."""

UNSURE = 1 << 32
"""Hashes are told as their remainder by this, so that a billion of them add up within 64 bits."""

_ROWS = """
select kind, key, more, min(first) as first, cast(sum(n) as bigint) as n, cast(sum(hashes) as bigint) as hashes
from ({}) group by kind, key, more
"""

_TOLD = """
select 'row' as kind, null as key, null as more, null as first, 1 as n, 0 as hashes from typed
union all
select 'rejected', null, null, null, 1, 0 from typed where _broken is not null
union all
select 'day', cast(local_day(occurred_at, {zone}) as varchar), null, null, 1, hash({columns}) % {unsure} from typed
where _broken is null
union all
select 'name', member, null, cast(local_day(occurred_at, {zone}) as varchar), 1, 0 from typed where _broken is null
union all
select 'broken', "column", reason, null, 1, 0
from (select unnest(_broken, recursive := true) from typed where _broken is not null)
"""
"""Of all rows how many, of each day and name, of those that broke a rule, and each rule; since when a name is there."""


@dataclass(frozen=True)
class LakeTable:
    """A table of a lake that an entry names, and how it is read; ``number``: the entry's place."""

    name: str
    number: int
    entry: Entry
    program: Program
    arrived: datetime

    @property
    def file_id(self) -> str:
        """As what ``raw.files`` has it."""
        return LAKE + hashlib.sha256(self.name.encode()).hexdigest()[:16]

    @property
    def columns(self) -> dict[str, str]:
        """The table's columns that are read, by canonical column."""
        mapped = self.entry.columns or {}
        found = {}
        for column in ACTIVITY.columns:
            one = mapped.get(column.name)
            if column.name not in mapped or one is not None:
                found[column.name] = str(one.from_) if one is not None and one.from_ is not None else column.name
        return found

    def there(self, names: list[str]) -> dict[str, str]:
        """Those of ``columns`` that the table has. Raises UserError where one is not there that is needed."""
        asked = set(self.entry.columns or {}) | set(ACTIVITY.required)
        where = self.program.where("sources", "activity", self.number)
        for canonical, name in self.columns.items():
            if name not in names and canonical in asked:
                raise UserError(f"{where}: {unknown(f'column of {self.name}', name, names)}")
        return {canonical: name for canonical, name in self.columns.items() if name in names}

    def looking(self, arrows: pa.Schema) -> Work:
        """What is asked of some rows: their sums."""
        columns = ", ".join(identifier(column.name) for column in ACTIVITY.columns)
        told = _TOLD.format(zone=literal(self.program.timezone), columns=columns, unsure=UNSURE)
        return Work({}, self._sent(arrows), self._statements(arrows), {"told": _ROWS.format(told)}, ("raw",))

    def staging(self, arrows: pa.Schema, names: pa.Table, part: str) -> Work:
        """What is asked of some rows: themselves as ``staging.activity``, with the number of their part.

        ``names``: who the names are (``raw.names``); rows of a name that is not there are left out.
        """
        columns = ", ".join("typed." + identifier(column.name) for column in ACTIVITY.columns)
        rows = (
            "select " + columns + ", names.member_id, " + literal(self.file_id) + " as _file_id"
            + ", cast(0 as bigint) as _row from typed join raw.names as names on names.value = typed.member"
            + " where _broken is null"
        )  # fmt: skip
        wanted = {STAGING.key: "select *, " + part + " as " + identifier(PART) + " from (" + rows + ")"}
        return Work({"raw.names": names}, self._sent(arrows), self._statements(arrows), wanted, ("raw",))

    def _sent(self, arrows: pa.Schema) -> dict[str, OwnRows]:
        return {ARRIVED: OwnRows(ARRIVED, arrows.empty_table())}

    def _statements(self, arrows: pa.Schema) -> tuple[str, ...]:
        """What types the rows that arrived, as those of a file: each value as the text that a file would have of it."""
        zone = self.entry.timezone or self.program.timezone
        there = {canonical: arrows.field(canonical) for canonical in arrows.names}
        texts = [
            (_text(there[column.name]) if column.name in there else "cast(null as varchar)")
            + " as " + identifier(column.name)
            for column in ACTIVITY.columns
        ]  # fmt: skip
        lineage = [literal(self.file_id) + " as _file_id", "0 as _row", "0 as _line", "cast(null as varchar) as _fact"]
        raw = "create table raw.activity as select " + ", ".join([*texts, *lineage, literal(zone) + " as _timezone"])
        arrived = "timestamp " + literal(self.arrived.isoformat(" "))
        came = (
            "select "
            + literal(self.file_id)
            + " as file_id, "
            + arrived
            + " as known_at, "
            + arrived
            + " as first_seen"
        )
        return (
            files("fellowship_pipeline.intake").joinpath("rules.sql").read_text(encoding="utf-8"),
            "create table raw.files as " + came,
            raw + " from " + ARRIVED,
            typing.typing(ACTIVITY, rules(ACTIVITY, self.program, "_arrived"), (), None),
        )

    def demand(self, con: duckdb.DuckDBPyConnection, found: int) -> None:
        """Raises UserError where parts were made of another number of rows than were counted before."""
        query = "select coalesce(sum(staged), 0) from raw.files where file_id = ?"
        ((counted,),) = con.execute(query, [self.file_id]).fetchall()
        if found != counted:
            raise UserError(
                f"{self.name}: {counted:,} rows were counted, then {found:,} were read: it has changed meanwhile."
                " Run again, or name a table that stands still, such as a snapshot"
            )

    def note(self, con: duckdb.DuckDBPyConnection, told: pa.Table, is_erased: Callable[[str], bool]) -> None:
        """Enters what the tasks told: the table among the files, its days, who its names are.

        Names of erased persons are not entered, so that their rows are left out.
        """
        con.register("told", told)
        try:
            self._note_names(con, is_erased)
            self._note_table(con)
        finally:
            con.unregister("told")
        con.execute(ddl(STAGING))
        names = facts.of_rows(con, TABLE_BY_KEY["raw.names"], {})
        days = facts.of_rows(con, TABLE_BY_KEY["raw.days"], {})
        facts.note(con, STAGING, **{facts.MADE_OF: f"{days} {names}"})
        coverage.note_spans(con, self.program)

    def _note_names(self, con: duckdb.DuckDBPyConnection, is_erased: Callable[[str], bool]) -> None:
        con.execute(
            "create or replace temp table lake_names as select key as member, sum(n) as n, min(first) as first_seen"
            " from told where kind = 'name' group by key"
        )
        erased = [name for (name,) in con.execute("select member from lake_names").fetchall() if is_erased(name)]
        con.execute("delete from lake_names where list_contains(?::varchar[], member)", [erased])
        if identity.is_resolved(ACTIVITY, self.program):
            identity.resolve(con, ACTIVITY, "lake_names")
            found = identity.names_table(ACTIVITY)
        else:
            found = "(select member as value, member as member_id, null as reason from lake_names)"
        con.execute("delete from raw.names where source = 'activity'")
        con.execute("insert into raw.names select 'activity', value, member_id from " + found)
        con.execute(
            "insert into ops.unmatched by name select 'activity' as source, value, n as rows,"
            " cast(first_seen as date) as first_seen, ? as file, reason"
            " from " + found + " as found join lake_names on member = value where reason is not null",
            [self.name],
        )

    def _note_table(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute("delete from raw.days where file_id = ?", [self.file_id])
        con.execute(
            "insert into raw.days by name select ? as file_id, cast(key as date) as day,"
            " sum(n) || '-' || sum(hashes) as version from told where kind = 'day' group by key",
            [self.file_id],
        )
        con.execute("delete from raw.files where file_id = ?", [self.file_id])
        con.execute(
            """
            insert into raw.files by name
            with counted as (
                select
                    coalesce(sum(n) filter (where kind = 'row'), 0) as "rows",
                    coalesce(sum(n) filter (where kind = 'rejected'), 0) as rejected,
                    coalesce(sum(n) filter (where kind = 'name' and key not in (select member from lake_names)), 0)
                        as ignored,
                    coalesce(cast(max(key) filter (where kind = 'day') as timestamp), timestamp '2000-01-01') as last_on
                from told
            ),
            broken as (
                select string_agg(n || ' records: ' || key || ': ' || more, '; ' order by n desc, key) as reason
                from (select key, more, sum(n) as n from told where kind = 'broken' group by all)
            )
            select
                $id as file_id, $name as path, 'activity' as source, sha256($name) as sha256, 0 as bytes,
                "rows", "rows" - rejected - ignored as staged, rejected, 0 as superseded, ignored,
                last_on as first_seen, last_on as known_at, null as exported_at, null as covers_from, null as covers_to,
                'loaded' as status,
                reason, $number as entry, null as encoding, 0 as restated, rejected > 0 as needs_look
            from counted, broken
            """,
            {"id": self.file_id, "name": self.name, "number": self.number},
        )


def lake_table(program: Program, now: datetime) -> LakeTable | None:
    """The table of a lake that activity is in, where program.yaml names one."""
    if program.lake is None:
        return None
    number, name = program.lake
    return LakeTable(name, number, program.sources["activity"][number], program, now)


def _text(field: pa.Field) -> str:
    """SQL of the text that a file would have of a value; raises UserError for a type that has none."""
    name, kind = identifier(field.name), field.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return "replace(cast(timezone('UTC', " + name + ") as varchar), ' ', 'T') || 'Z'"
    if pa.types.is_floating(kind):
        return "cast(cast(" + name + " as decimal(28, 10)) as varchar)"
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise UserError(f"column {field.name} of the lake's table is {kind}: name one of text, numbers or times")
    return "cast(" + name + " as varchar)"


def as_spark_writes() -> str:
    """The columns of ``staging.activity``, and that of the part, as Spark writes types."""
    types = {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz"}
    columns = [f"{column.name} {types.get(column.type, column.type)}" for column in STAGING.columns]
    return ", ".join([*columns, f"{PART} bigint"])
