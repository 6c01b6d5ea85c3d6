"""Totals since enrollment turned into activity, by differencing successive exports of one member and course.

Belongs here: what each record of a cumulative entry adds, and who is in which of its exports. Does not belong here:
which presets are cumulative, what an absence means for a review (models), the form of values (``rules``).

A record adds what its totals grew by since the record before, dated by its last activity. The first of a course adds
that last activity with amounts unknown, since nobody knows when they grew. One that tells nothing new is ignored; one
that fell is rejected, and later ones are compared as if it were not there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from fellowship_pipeline.contracts import SOURCE_BY_NAME, TABLE_BY_KEY
from fellowship_pipeline.intake.presets import is_cumulative
from fellowship_pipeline.intake.rules import cell, latest_instant, read, rules_of_totals
from fellowship_pipeline.intake.staging import identity
from fellowship_pipeline.warehouse import create
from fellowship_pipeline.warehouse.names import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    import duckdb

    from fellowship_pipeline.program import Program

ACTIVITY = SOURCE_BY_NAME["activity"]
TOTALS = TABLE_BY_KEY["raw.totals"]

ROUNDING = {"xp": Decimal(0), "minutes": Decimal(3)}
"""What a total may fall by without meaning anything: platforms restate hours by up to 0.05."""

FELL = "a total since enrollment that fell: it can only grow"

_EXPORTED = """
update raw.files set exported_at = coalesce(exported_at, latest)
from (select _file_id, max(_latest) as latest from totals_read group by _file_id) as read
where read._file_id = files.file_id
"""

_DAYS = """
create or replace temp table export_days as
select entry, day, lag(day) over exports as day_before, lead(day) over exports as day_after
from (
    select distinct entry, local_day(exported_at, ?) as day
    from totals_read join raw.files as files on file_id = _file_id
)
window exports as (partition by entry order by day)
"""

_COVERS = """
update raw.files set covers_from = day_before, covers_to = day - 1
from export_days as days
where source = 'activity' and files.entry = days.entry and local_day(exported_at, ?) = day and day_before is not null
"""

_PERSONS = """
create or replace temp table persons as
select value as member, row({person}) as person from (
    select distinct member as value from totals_read where member is not null
) as written{join}
"""

_PRESENCE = """
insert into raw.totals by name
with seen as (
    select distinct entry, member, person, course, local_day(exported_at, ?) as day
    from totals_read join raw.files as files on file_id = _file_id join persons using (member)
)

select
    entry, list(member order by day desc, member)[1] as member, course, min(day) as first_on, max(day) as last_on,
    arg_max_null(day_after, day) as missing_on
from seen join export_days using (entry, day) group by entry, person, course
"""
"""Under the name that the person had last."""

_SUCCESSIONS = """
with records as (
    select
        row(entry, person, course, item, kind) as what, newer,
        file_id, _row, exported_at, "occurred_at value" as moment, "xp value" as xp, "minutes value" as minutes, sha256
    from totals_read join raw.files as files on file_id = _file_id left join persons using (member)
    left join (select older as file_id, count(*) as newer from raw.versions group by older) as versions using (file_id)
    where is_sound
)

select
    what, file_id, _row, exported_at, moment, xp, minutes,
    row_number() over (
        partition by what, exported_at
        order by newer nulls first, sha256 desc, file_id desc, minutes desc nulls last, xp desc nulls last, _row desc
    ) > 1 as is_repeated
from records
order by what, exported_at nulls first, is_repeated, file_id, _row
"""

_FATES = (
    """
    insert into raw.rejects by name
    select file_id, "row", "column", case "column" when 'xp' then activity.xp else activity.minutes end as "value",
        reason, _line as line
    from fates join raw.activity as activity on _file_id = file_id and _row = "row" where fate = 'rejected'
    """,
    """
    update raw.files set ignored = ignored + records
    from (select file_id, count(*) as records from fates where fate = 'ignored' group by file_id) as idle
    where idle.file_id = files.file_id
    """,
    "delete from raw.activity where (_file_id, _row) in (select (file_id, \"row\") from fates where fate <> 'staged')",
    """
    update raw.activity set occurred_at = fates.occurred_at, xp = fates.xp, minutes = fates.minutes, _fact = null
    from fates where file_id = _file_id and "row" = _row and fate = 'staged'
    """,
)


@dataclass(frozen=True)
class _Record:
    """Totals of a member in a course, as one export has them."""

    file_id: str
    row: int
    exported_at: datetime | None
    occurred_at: datetime | None
    xp: Decimal | None
    minutes: Decimal | None
    is_repeated: bool

    def after(self, former: _Record) -> _Record:
        """The record, with what it leaves out as the one before has it."""
        known = {name: getattr(former, name) for name in ("occurred_at", *ROUNDING) if getattr(self, name) is None}
        return replace(self, **known)


@dataclass(frozen=True)
class _Fate:
    """What a record becomes: a row of activity, nothing, or a reject for its ``column``."""

    file_id: str
    row: int
    fate: Literal["staged", "ignored", "rejected"]
    occurred_at: str | None = None
    xp: str | None = None
    minutes: str | None = None
    column: str | None = None
    reason: str | None = None


def to_activity(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """Replaces totals in ``raw.activity`` by what they grew by, and writes ``raw.totals``.

    For tables as reading has just filled them: differences of differences would mean nothing.
    """
    create(con, TOTALS)
    places = [place for place, entry in enumerate(program.sources.get("activity", [])) if is_cumulative(entry)]
    if not places:
        return
    identity.learn_early(con, program)
    con.execute(_read(program), [places])
    con.execute(_EXPORTED)
    _tell_persons(con, program)
    for statement in (_DAYS, _COVERS, _PRESENCE):
        con.execute(statement, [program.timezone])
    fates = [fate for records in _successions(con) for fate in _fates(records)]
    names = list(_Fate.__dataclass_fields__)
    types = {name: pa.int64() if name == "row" else pa.string() for name in names}
    con.register("fates", pa.table({n: pa.array([getattr(f, n) for f in fates], types[n]) for n in names}))
    for statement in _FATES:
        con.execute(statement)
    con.unregister("fates")


def name_members(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """Notes in ``raw.totals`` who its names are; for names that :func:`identity.learn` has learnt."""
    if not identity.is_resolved(ACTIVITY, program):
        con.execute("update raw.totals set member_id = member")
        return
    identity.resolve(con, ACTIVITY, "raw.totals")
    con.execute(
        "update raw.totals set member_id = names.member_id from "
        + identity.names_table(ACTIVITY)
        + " as names where names.value = totals.member"
    )


def _read(program: Program) -> str:
    """``totals_read``: every row of the cumulative entries, typed."""
    checks = rules_of_totals(ACTIVITY, program, "_arrived")
    cells = (
        "select _file_id, _row, _timezone, _arrived, "
        + ", ".join(cell(rule.name) + " as " + identifier(rule.name) for rule in checks)
        + " from raw.activity join (select file_id, coalesce(known_at, first_seen) as _arrived from raw.files"
        + " where entry in (select unnest(?::bigint[]))) as files on files.file_id = _file_id"
    )
    broken = " or ".join(rule.breaks for rule in checks if rule.breaks)
    return (
        "create or replace temp table totals_read as with " + read(ACTIVITY, checks, [cells])
        + " select *, " + latest_instant(ACTIVITY) + " as _latest, not (" + broken + ") as is_sound from read"
    )  # fmt: skip


def _tell_persons(con: duckdb.DuckDBPyConnection, program: Program) -> None:
    """``persons``: who each name is, so that one person under two names is one."""
    person, join = "name_form(value)", ""
    if identity.is_resolved(ACTIVITY, program):
        identity.resolve(con, ACTIVITY, "totals_read")
        person = "names.member_id, names.stranger"
        join = " left join " + identity.names_table(ACTIVITY) + " as names using (value)"
    con.execute(_PERSONS.format(person=person, join=join))


def _successions(con: duckdb.DuckDBPyConnection) -> Iterator[list[_Record]]:
    """The records of each entry, person and course, in the order of their exports."""
    rows = con.execute(_SUCCESSIONS).fetchall()
    for _, succession in groupby(rows, key=lambda row: row[0]):
        yield [_Record(*row[1:]) for row in succession]


def _fates(records: Iterable[_Record]) -> Iterator[_Fate]:
    """What becomes of the successive records of one member and course."""
    former: _Record | None = None
    for record in records:
        fate = _Fate(record.file_id, record.row, "ignored")
        if record.is_repeated:
            yield fate
            continue
        grown = {amount: _grown(former, record, amount) for amount in ROUNDING}
        fallen = next((amount for amount, by in grown.items() if by is not None and by < -ROUNDING[amount]), None)
        if fallen:
            yield replace(fate, fate="rejected", column=fallen, reason=FELL)
            continue
        moved = record.occurred_at is not None and (
            former is None or former.occurred_at is None or record.occurred_at > former.occurred_at
        )
        if moved or any(by is not None and by > 0 for by in grown.values()):
            at = record.occurred_at if moved else record.exported_at
            yield replace(
                fate,
                fate="staged",
                occurred_at=f"{at:%Y-%m-%dT%H:%M:%S.%f}Z" if at else None,
                xp=_text(grown["xp"]),
                minutes=_text(grown["minutes"]),
            )
        else:
            yield fate
        former = record if former is None else record.after(former)


def _grown(former: _Record | None, record: _Record, amount: str) -> Decimal | None:
    """What a total grew by; None where one of the two is unknown."""
    before, now = former and getattr(former, amount), getattr(record, amount)
    return None if before is None or now is None else now - before


def _text(growth: Decimal | None) -> str | None:
    """As ``raw`` has numbers; a fall within rounding is none."""
    return None if growth is None else format(max(growth, Decimal(0)), "f")
