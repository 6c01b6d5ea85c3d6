"""Natural keys by person: which rows tell of one fact, whatever names they call the person by.

Belongs here: SQL over ``candidates``, the rows of a source that can be read. Does not belong here: who a name is
(``identity``), the order of exports (``facts``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fellowship_pipeline.intake.staging import identity
from fellowship_pipeline.warehouse.names import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fellowship_pipeline.contracts import Source
    from fellowship_pipeline.program import Program


def _names(columns: Iterable[str]) -> str:
    return ", ".join(map(identifier, columns))


def replaced(source: Source, program: Program) -> str:
    """Rows whose natural key a later export has too or, unless rows may repeat, a row of the same file that wins.

    Only rows that share the hash of a key are compared, so that most programs compare next to none.
    """
    parts, join = by_person(source, program, source.natural_key)
    key = _names(parts)
    prefers = ", " + identifier(source.prefers) if source.prefers else ""
    preferred = identifier(source.prefers) + " desc nulls first, " if source.prefers else ""
    shared, lost = "count(*) > 1", "place > 1"
    if source.repeats:
        shared, lost = "min(_export) < max(_export)", "_export < latest"
    return (
        "insert into superseded with keyed as (select _position, _row, _export" + prefers + ", " + _selected(parts)
        + " from candidates" + join + " anti join superseded using (_position)), "
        + "current_rows as (select *, hash(" + key + ") as key_hash from keyed), "
        + "suspects as (select key_hash from current_rows group by key_hash having " + shared + "), "
        + "ranked as (select _position, _export, max(_export) over (partition by " + key + ") as latest, "
        + "row_number() over (partition by " + key + " order by _export desc, " + preferred
        + "_row desc, _position desc) as place "
        + "from current_rows semi join suspects using (key_hash)) "
        + "select _position, case when _export < latest then latest end from ranked where " + lost
    )  # fmt: skip


def restated(source: Source, program: Program) -> str:
    """Per file, the records of earlier exports that it replaced by other values; another name of a person is none."""
    parts, join = by_person(source, program, [one.name for one in source.columns])
    values = "hash(" + ", ".join(parts.values()) + ")"
    return (
        "insert into restatements with replaced as (select _file_id, _row, _by, " + values + " as content"
        + " from superseded join candidates using (_position)" + join + " where _by is not null), "
        + "deciding as (select _export as _by, " + values + " as content from candidates" + join
        + " where _export in (select _by from replaced)) "
        + "select file_id, count(distinct (_file_id, _row)) as restated"
        + " from replaced anti join deciding using (_by, content) join exports on exports.position = _by"
        + " group by file_id"
    )  # fmt: skip


def by_person(source: Source, program: Program, columns: Iterable[str]) -> tuple[dict[str, str], str]:
    """The columns as SQL by name, in place of a name the person; and the join that finds the person.

    A name of nobody stands for itself. Ids of the roster, and of aliases where there is no roster, are exact.
    """
    parts = {name: column(name) for name in columns}
    person = source.person
    if person is None or person not in parts:
        return parts, ""
    if identity.is_resolved(source, program):
        parts |= {person: "names.member_id", "_stranger": "names.stranger"}
        return parts, names_join(source)
    if source.name not in identity.NAMING:
        parts[person] = "name_form(" + column(person) + ")"
    return parts, ""


def names_join(source: Source) -> str:
    """The join that finds the ``names`` of ``candidates``, which :func:`identity.resolve` has looked up."""
    table, name = identity.names_table(source), column(str(source.person))
    return " left join " + table + " as names on names.value = " + name


def column(name: str) -> str:
    """A column of ``candidates``."""
    return "candidates." + identifier(name)


def _selected(parts: Mapping[str, str]) -> str:
    return ", ".join(value + " as " + identifier(name) for name, value in parts.items())
