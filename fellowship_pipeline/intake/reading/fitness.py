"""Files that can be read, and whose records mostly do not fit or say nothing: held, with what to write about it.

Belongs here: judging the records of one file by the rules of its source. Does not belong here: the rules (``rules``),
comparing a file with others or with the program (``suspicion``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.intake.headers import header_of
from fellowship_pipeline.intake.plain import keeping
from fellowship_pipeline.intake.presets import is_cumulative
from fellowship_pipeline.intake.readers.records import Reject
from fellowship_pipeline.intake.rules import CellRule, cell, read, rules, rules_of_totals, typed
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import duckdb

    from fellowship_pipeline.contracts import Column, Source
    from fellowship_pipeline.intake.layouts.layout import EntryFiles
    from fellowship_pipeline.intake.plain.plain_file import PlainFile
    from fellowship_pipeline.intake.reading.outcomes import Outcome
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.sources import Entry

FEWEST_RECORDS = 20
"""Records from which on a file shows what most of them are."""

MOSTLY = 0.5
"""The share of the records beyond which they are most of them."""

BATCH = 100_000
"""Rows that are judged at once, or more of a larger file."""

INCOMING = "incoming_rows"

EMPTY = "required"
"""What an empty cell of a column breaks that needs one."""

_FORMAT = "`format` under `columns` says how dates are written, such as '%d/%m/%Y %H:%M'"
_FORMAT_OF_PRESET = "`datetime_format` in the entry says how dates are written, such as '%d/%m/%Y %H:%M'"
_NUMBER = "`decimal`, `thousands`, `percent` or `times` under `columns` say how numbers are written"
_FIELDS = "`delimiter`, `escape`, `skip_lines` or `skip_matching` say how the file is written"
_OTHER = "repair the column, or name another one under `columns`"
ZEROS = ("xp", "minutes", "progress")
"""Columns of ``activity`` that are amounts: what has nothing but zeros there may be a day without learning."""

_TEXT = "VARCHAR"
_TEMPORAL = ("TIMESTAMP", "DATE")


@dataclass(frozen=True)
class _Rows:
    """Rows of an entry's files as text, each with its ``_file_id``.

    ``relation`` is SQL of where they are, ``columns`` are the canonical ones there.
    """

    con: duckdb.DuckDBPyConnection
    program: Program
    source: Source
    entry: Entry
    zone: str
    relation: str
    columns: Collection[str]

    @property
    def checks(self) -> tuple[CellRule, ...]:
        """The rules of the source's columns."""
        of_source = rules_of_totals if is_cumulative(self.entry) else rules
        return of_source(self.source, self.program, "_arrived")

    def read(self, checks: Sequence[CellRule]) -> str:
        """SQL that begins with the common table expression ``read`` over the rows."""
        texts = ", ".join(
            (cell(column.name) if column.name in self.columns else "cast(null as varchar)")
            + " as " + identifier(column.name)
            for column in self.source.columns
        )  # fmt: skip
        cells = (
            "select " + texts + ", _file_id, _row, _line, " + literal(self.zone) + " as _timezone, _arrived from "
            + self.relation
        )  # fmt: skip
        return "with " + read(self.source, checks, [cells])


def judged(
    con: duckdb.DuckDBPyConnection, program: Program, group: EntryFiles, outcomes: Iterable[Outcome]
) -> Iterator[Outcome]:
    """The outcomes in their order, those held whose records mostly do not fit, unless somebody has accepted the file.

    Several are judged at once, as many as have some ``BATCH`` rows. The macros of the rules are installed.
    """
    batch: list[Outcome] = []
    for outcome in outcomes:
        batch.append(outcome)
        if sum(one.rows.num_rows for one in batch if one.rows is not None) >= BATCH:
            yield from _judged(con, program, group, batch)
            batch = []
    yield from _judged(con, program, group, batch)


def doubt_of_plain(con: duckdb.DuckDBPyConnection, program: Program, file: PlainFile, is_typed: bool) -> str | None:
    """Why a large plain file, which is loaded, is not to be believed; None where it is.

    No value of a typed one breaks a rule.
    """
    if file.plain.count < FEWEST_RECORDS:
        return None
    if is_typed:
        zeros = keeping.told(con, file.table, "zeros", lambda: _zeros_of_typed(con, file))
        there = [name for name in ZEROS if name in file.places]
        return _said_of_zeros(file.entry, there, zeros, file.plain.count)
    relation = (
        "(select *, " + literal(str(file.arrived)) + "::timestamp as _arrived from "
        + qualified(TABLE_BY_KEY["raw." + file.source.name])
        + " where _file_id = " + literal(file.file_id) + ") as rows"
    )  # fmt: skip
    rows = _Rows(con, program, file.source, file.entry, file.zone, relation, file.places)
    suspects = max(_suspects(rows).get(file.file_id, (0, 0)))
    return _doubt(rows, file.file_id, file.plain.count, ()) if suspects > MOSTLY * file.plain.count else None


def _judged(
    con: duckdb.DuckDBPyConnection, program: Program, group: EntryFiles, batch: Iterable[Outcome]
) -> Iterator[Outcome]:
    tables = [(outcome, outcome.rows) for outcome in batch if outcome.rows is not None and _is_judged(outcome)]
    doubts: dict[str, str] = {}
    if tables:
        incoming = pa.concat_tables([_told(outcome, rows) for outcome, rows in tables], promote_options="default")
        con.register(INCOMING, incoming)
        rows = _Rows(con, program, group.source, group.entry, group.zone, INCOMING, incoming.column_names)
        suspects = _suspects(rows)
        for outcome, _ in tables:
            broken, zeros = suspects.get(outcome.file_id, (0, 0))
            if max(broken + len(outcome.rejects), zeros) > MOSTLY * _records(outcome):
                doubt = _doubt(rows, outcome.file_id, _records(outcome), outcome.rejects)
                doubts |= {outcome.file_id: doubt} if doubt is not None else {}
        con.unregister(INCOMING)
    for outcome in batch:
        doubt = doubts.get(outcome.file_id)
        yield outcome if doubt is None else _held(outcome, doubt)


def _is_judged(outcome: Outcome) -> bool:
    return outcome.status == "loaded" and outcome.file.decision != "accepted" and _records(outcome) >= FEWEST_RECORDS


def _records(outcome: Outcome) -> int:
    """The records that carry something for the source."""
    return outcome.count - outcome.ignored


def _told(outcome: Outcome, rows: pa.Table) -> pa.Table:
    """The rows with the file they are of, and when it came."""
    there_at = pa.scalar(outcome.file.there_at, pa.timestamp("us"))
    constants = {"_file_id": pa.scalar(outcome.file_id), "_arrived": there_at}
    for name, value in constants.items():
        rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
    return rows


def _held(outcome: Outcome, doubt: str) -> Outcome:
    return replace(
        outcome, status="held", reason=doubt, notes=(), count=0, ignored=0, rejects=(), rows=None, column_set=None
    )


def _suspects(rows: _Rows) -> dict[str, tuple[int, int]]:
    """By file how many rows break a rule and how many have nothing but zeros: no fewer than records that do."""
    checks = rows.checks
    counts = ", ".join("count(*) filter (where " + odd + ")" for odd in (_breaks(checks), _is_zero(rows)))
    found = rows.con.execute(rows.read(checks) + " select _file_id, " + counts + " from read group by all").fetchall()
    return {file_id: (broken, zeros) for file_id, broken, zeros in found}


def _doubt(rows: _Rows, file_id: str, records: int, rejects: Iterable[Reject]) -> str | None:
    """Why a file of so many records is held; None where it is not."""
    return _rejected(rows, file_id, records, rejects) or _zeros(rows, file_id, records)


def _zeros(rows: _Rows, file_id: str, records: int) -> str | None:
    """Why a file is held most of whose records have nothing but zeros; None where they have more."""
    of_records = " from read where _file_id = ? group by _row having bool_and(" + _is_zero(rows) + ")"
    query = rows.read(rows.checks) + " select count(*) from (select _row" + of_records + ")"
    ((zeros,),) = rows.con.execute(query, [file_id]).fetchall()
    there = [name for name in ZEROS if name in rows.columns]
    return _said_of_zeros(rows.entry, there, zeros, records)


def _is_zero(rows: _Rows) -> str:
    """SQL over text and value of a row: its amounts are zero as far as it has any, and it has some."""
    there = [name for name in ZEROS if name in rows.columns and _asks_for_more(rows.source, rows.entry)]
    if not there:
        return "false"
    zeros = ["(" + identifier(name) + " is null or coalesce(" + typed(name) + ", 1) = 0)" for name in there]
    return " and ".join(zeros) + " and coalesce(" + ", ".join(map(identifier, there)) + ") is not null"


def _zeros_of_typed(con: duckdb.DuckDBPyConnection, file: PlainFile) -> int:
    """How many rows have nothing but zeros."""
    there = [name for name in ZEROS if name in file.places]
    if not there or not _asks_for_more(file.source, file.entry):
        return 0
    amounts = ", ".join(map(identifier, there))
    zeros = " and ".join("coalesce(" + identifier(name) + ", 0) = 0" for name in there)
    query = (
        "select count(*) from " + qualified(file.table) + " where coalesce(" + amounts + ") is not null and " + zeros
    )
    ((found,),) = con.execute(query).fetchall()
    return int(found)


def _asks_for_more(source: Source, entry: Entry) -> bool:
    """Whether nobody has said which rows of activity count; of totals only what came to them does."""
    return source.name == "activity" and not entry.where and entry.counts is None and not is_cumulative(entry)


def _said_of_zeros(entry: Entry, there: Sequence[str], zeros: int, records: int) -> str | None:
    if zeros <= MOSTLY * records:
        return None
    header = header_of(entry, there[0])
    return (
        f"{zeros} of its {records} records have nothing but zeros ({', '.join(there)}), and each would be a day of "
        f'learning: say in the entry which count, `where: {{{header}: "> 0"}}`, or `counts: all`'
    )


def _breaks(checks: Iterable[CellRule]) -> str:
    return " or ".join(rule.breaks for rule in checks if rule.breaks)


def _rejected(rows: _Rows, file_id: str, records: int, rejects: Iterable[Reject]) -> str | None:
    """Why a file is held most of whose records are rejected, by now or by a rule; None where they are not."""
    checks = rows.checks
    of_file = " from read where _file_id = ?"
    query = rows.read(checks) + " select count(distinct _row) filter (where not (" + _breaks(checks) + "))" + of_file
    ((fitting,),) = rows.con.execute(query, [file_id]).fetchall()
    if records - fitting <= MOSTLY * records:
        return None
    reasons: Counter[tuple[str, str]] = Counter()
    lines: dict[tuple[str, str], int] = {}
    found = [((reject.column, reject.reason), 1, reject.line) for reject in rejects]
    for rule in checks:
        if rule.breaks:
            query = rows.read([rule]) + " select " + rule.reason + " as why, count(distinct _row), min(_line)" + of_file
            broken = rows.con.execute(query + " and " + rule.breaks + " group by why", [file_id]).fetchall()
            found += [((rule.name, why), many, line) for why, many, line in broken]
    for key, many, line in found:
        reasons[key] += many
        if line is not None:
            lines[key] = min(line, lines.get(key, line))
    column, why = max(reasons, key=lambda key: (reasons[key], key))
    first = f", first on line {lines[column, why]}" if (column, why) in lines else ""
    return (
        f"{records - fitting} of its {records} records are rejected, {reasons[column, why]} of them because "
        + f"{column or 'the record'}: {why}{first}; {remedy(rows.source, rows.entry, column, why)}; "
        + "accept it if the rest is enough"
    )


def remedy(source: Source, entry: Entry, column: str, why: str) -> str:
    """What to write in program.yaml where most cells of a column break a rule."""
    of: Column | None = next((one for one in source.columns if one.name == column), None)
    if of is None:
        return _FIELDS
    if why == EMPTY:
        return (
            f"`where: {{{header_of(entry, column)}: present}}` leaves out records without, "
            f"`values: {{{column}: …}}` says what they have in common"
        )
    if column == "pool":
        return "`values: {pool: …}` says which"
    if of.values or of.type == "BOOLEAN":
        word = of.values[0] if of.values else "true"
        return f"`values: {{{column}: {{word of the file: {word}}}}}` says what its words mean"
    if of.type in _TEMPORAL:
        return _FORMAT_OF_PRESET if entry.preset else _FORMAT
    return _NUMBER if of.type != _TEXT else _OTHER
