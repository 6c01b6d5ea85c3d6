"""What is known of a typed file beside its rows, so that a file that was loaded before is not read again.

It stands in the comment of the file's table, which goes with the table, and in one more table: how many rows each
member and each quarter of an hour has. Belongs here: whether a table is what loading would make once more, and what was
asked of it. Does not belong here: loading (``loading``), whether the archive still has the file (``reading.entries``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fellowship_pipeline import own_code
from fellowship_pipeline.contracts import Table
from fellowship_pipeline.intake.plain.dialect import Plain
from fellowship_pipeline.intake.plain.forms import CellForm
from fellowship_pipeline.intake.plain.plain_file import key_moment
from fellowship_pipeline.intake.rules import rules
from fellowship_pipeline.warehouse import facts
from fellowship_pipeline.warehouse.names import identifier, qualified

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.intake.plain.plain_file import PlainFile
    from fellowship_pipeline.program import Program

_READ, _ARRIVED, _CODE, _CONTENT, _PLAIN = "read_of", "arrived", "code", "content", "plain"

_SUMS = """
create or replace table {sums} as
with cells as (select {person} as name, time_bucket(interval 15 minutes, {moment}) as moment from {table})
select name, moment, count(*) as "rows" from cells group by grouping sets (name, moment)
"""
"""No zone's day begins within a quarter of an hour."""


def plains(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str | None], Plain]:
    """By SHA-256 and declared delimiter what contents are whose rows are typed in the warehouse."""
    return {
        (content[0], content[1]): _plain(told[_PLAIN])
        for told in facts.known(con).values()
        if told.get(_CODE) == own_code.digest() and (content := told[_CONTENT])
    }


def stands(con: duckdb.DuckDBPyConnection, program: Program, file: PlainFile) -> bool:
    """Whether the file's table is what loading would make once more.

    What came before a day that is believed is believed when the same file is known to have been there later.
    """
    told = facts.known(con).get(file.table.key, {})
    return told.get(_READ) == _basis(program, file) and datetime.fromisoformat(told[_ARRIVED]) <= file.arrived


def keep(con: duckdb.DuckDBPyConnection, program: Program, file: PlainFile) -> None:
    """Notes what the table was loaded of; it has all rows of the file."""
    con.execute(
        _SUMS.format(
            sums=qualified(sums(file.table)),
            person=identifier(str(file.source.person)),
            moment=identifier(key_moment(file.source)),
            table=qualified(file.table),
        )
    )
    told = {
        _READ: _basis(program, file),
        _ARRIVED: file.arrived.isoformat(),
        _CODE: own_code.digest(),
        _CONTENT: (file.path.name, file.entry.delimiter),
        _PLAIN: asdict(file.plain),
    }
    facts.note(con, file.table, **told)


def sums(table: Table) -> Table:
    """How many ``rows`` of the typed table each ``name`` has, and each ``moment``: of the two one is NULL."""
    return Table(table.schema, table.name + "_sums", "", ())


def told(con: duckdb.DuckDBPyConnection, table: Table, what: str, ask: Callable[[], Any]) -> Any:
    """The answer that was noted of the typed table, else that which ``ask`` gives, noted: something JSON can say."""
    known = facts.known(con).get(table.key, {})
    if what not in known:
        known[what] = ask()
        facts.note(con, table, **{what: known[what]})
    return known[what]


def _basis(program: Program, file: PlainFile) -> str:
    """The content, its entry, the zone of the entry, the rules and the code."""
    return own_code.basis(file.file_id, file.zone, repr(rules(file.source, program, "_arrived")))


def _plain(told: Mapping[str, Any]) -> Plain:
    forms = tuple(CellForm(**form) for form in told["forms"])
    return Plain(**{**told, "header": tuple(told["header"]), "forms": forms})
