"""Files whose rows are typed already: ``staging.<source>`` is a view over their tables and the rows of other files.

Rows of two files tell of one fact only where they tell of one instant, so that of a typed file only the rows whose
instant another file has too are compared; those that another replaces are noted in ``raw.superseded``. Belongs here:
which rows those are, the view, what became of the others. Does not belong here: comparing (``keys``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.intake.plain.keeping import sums
from fellowship_pipeline.intake.plain.loading import rest
from fellowship_pipeline.intake.plain.plain_file import key_moment
from fellowship_pipeline.intake.staging import identity
from fellowship_pipeline.warehouse import create_view, write_select
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    import duckdb

    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.intake.plain.loading import Typed
    from fellowship_pipeline.program import Program

_LATEST = "create or replace temp table latest_of_typed (file_id varchar, latest_at timestamp)"

_MOMENTS = "create or replace temp table text_moments as select distinct {moment} from typed where _broken is null"

_SUPERSEDED = """
insert into raw.superseded
select distinct _file_id, _row from superseded join candidates using (_position) semi join raw.plain
on plain.file_id = _file_id
"""

_NAMES = """
insert into raw.names
select ?, value, member_id from {names} where value in (select name from ({named}))
"""

_COUNTED = """
update counts set staged = files."rows" - counts.superseded
from raw.files semi join raw.plain using (file_id) where files.file_id = counts.file_id
"""


@dataclass(frozen=True)
class _Span:
    """A typed file, and the first and the last instant in its natural keys."""

    file: Typed
    first: datetime
    last: datetime

    def meets(self, other: _Span) -> bool:
        return self.first <= other.last and other.first <= self.last


def add_shared(con: duckdb.DuckDBPyConnection, source: Source, files: Sequence[Typed]) -> None:
    """Adds to the rows in ``typed``, which are text, those of typed ``files`` whose instants another file has too.

    Writes ``latest_of_typed``, since not all rows are there.
    """
    con.execute(_LATEST)
    if not files:
        return
    moment = identifier(key_moment(source))
    con.execute(_MOMENTS.format(moment=moment))
    spans = [_span(con, moment, file) for file in files]
    for span in spans:
        table = qualified(span.file.table)
        con.execute(
            "insert into latest_of_typed select ?, max(" + span.file.latest(source) + ") from " + table,
            [span.file.file_id],
        )
    before = 0
    for span in spans:
        others = [
            "select " + moment + " from " + qualified(other.file.table) + " where " + moment + " between "
            + literal(str(span.first)) + " and " + literal(str(span.last))
            for other in spans
            if other is not span and other.meets(span)
        ]  # fmt: skip
        shared = " union all ".join(["from text_moments", *others])
        con.execute(
            "insert into typed by name " + as_typed(source, span.file, before) + " where " + moment + " in (" + shared
            + ")"
        )  # fmt: skip
        before += span.file.rows


def as_typed(source: Source, file: Typed, before: int) -> str:
    """SQL of the file's rows as ``typed`` has rows, placed after those of ``raw.<source>`` and ``before`` others."""
    first = "(select coalesce(max(rowid), -1) + 1 from " + qualified(TABLE_BY_KEY["raw." + source.name]) + ")"
    more = (f"{first} + {before} + rowid as _position", "rowid + 2 as _line", file.latest(source) + " as _latest")
    return file.select(source, *file.lineage, *more)


def named(files: Iterable[Typed]) -> str:
    """A select of every ``name`` in typed files."""
    return " union ".join("select name from " + qualified(sums(one.table)) + " where name is not null" for one in files)


def view(
    con: duckdb.DuckDBPyConnection, source: Source, program: Program, files: Sequence[Typed], survivors: str
) -> None:
    """Makes ``staging.<source>`` a view over typed files and the ``survivors`` of others; ``superseded`` is told."""
    con.execute(_SUPERSEDED)
    of_others = "select * from (" + survivors + ") where _file_id not in (select file_id from raw.plain)"
    write_select(con, rest(source), of_others)
    columns = ", ".join(identifier(name) for name in TABLE_BY_KEY["staging." + source.name].column_names)
    lost = {file_id for (file_id,) in con.execute("select distinct file_id from raw.superseded").fetchall()}
    parts = ["select " + columns + " from " + qualified(rest(source))]
    for some, member, join in _by_naming(con, source, program, files):
        rows = " union all ".join(_standing(source, file, has_lost=file.file_id in lost) for file in some)
        parts.append(
            "select " + columns + " from (select rows.*, " + member + " from (" + rows + ") as rows" + join + ")"
        )
    create_view(con, TABLE_BY_KEY["staging." + source.name], " union all ".join(parts))


def _by_naming(
    con: duckdb.DuckDBPyConnection, source: Source, program: Program, files: Sequence[Typed]
) -> Iterator[tuple[list[Typed], str, str]]:
    """The files by how their names become members: each some of them, what selects ``member_id``, and a join for it.

    Where every name of a file is the member's own, none is looked up for each row.
    """
    own, name = list(files), identifier(str(source.person))
    if identity.is_resolved(source, program):
        con.execute(_NAMES.format(names=identity.names_table(source), named=named(files)), [source.name])
        own = [file for file in files if _names_members(con, source, file)]
        others = [file for file in files if file not in own]
        if others:
            of_source = " left join raw.names as names on names.source = " + literal(source.name)
            yield others, "names.member_id", of_source + " and names.value = " + name
    if own:
        yield own, name + " as member_id", ""


def _names_members(con: duckdb.DuckDBPyConnection, source: Source, file: Typed) -> bool:
    """Whether every name in the file is a member's id."""
    of_file = "select 1 from raw.names semi join (" + named([file]) + ") on value = name where source = ? and "
    ((others,),) = con.execute(
        "select exists (" + of_file + "value is distinct from member_id)", [source.name]
    ).fetchall()
    return not others


def _standing(source: Source, file: Typed, *, has_lost: bool) -> str:
    """SQL of the file's rows that nothing replaced."""
    lost = ' anti join (select "row" from raw.superseded where file_id = ' + literal(file.file_id) + ")"
    return file.select(source, *file.lineage) + (lost + ' as lost on lost."row" = rowid + 1' if has_lost else "")


def count(con: duckdb.DuckDBPyConnection) -> None:
    """Puts into ``counts`` how many rows of typed files are staged: all that nothing replaced."""
    con.execute(_COUNTED)


def _span(con: duckdb.DuckDBPyConnection, moment: str, file: Typed) -> _Span:
    query = "select min(" + moment + "), max(" + moment + ") from " + qualified(file.table)
    ((first, last),) = con.execute(query).fetchall()
    return _Span(file, first, last)
