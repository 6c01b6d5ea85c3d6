"""Files that read well and are still not believed: another program's, or less than the export before them.

Belongs here: comparing loaded files with who and when the program is, and with earlier exports; taking held ones out of
``raw``. Does not belong here: doubts that the bytes alone raise (readers), totals by member (``cumulative``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fellowship_pipeline.contracts import RAW_TABLES, SOURCE_BY_NAME, TABLE_BY_KEY
from fellowship_pipeline.intake.plain.keeping import sums
from fellowship_pipeline.intake.plain.loading import typed_files
from fellowship_pipeline.intake.presets import is_cumulative
from fellowship_pipeline.intake.reading.drift import drifted
from fellowship_pipeline.intake.rules import cell, latest_instant, read, rules, typed
from fellowship_pipeline.intake.staging import identity
from fellowship_pipeline.warehouse.names import identifier, literal, qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    import duckdb

    from fellowship_pipeline.intake.reading.drift import ColumnSet
    from fellowship_pipeline.program import Program

FEWEST_NAMES = 20
"""Distinct names from which on a file shows whose it is."""

LEAST_OVERLAP = 0.5
LEAST_ROWS = 0.9
LEAST_TOTAL = Decimal("0.95")

DATED = {"activity": "occurred_at", "completions": "completed_at"}
"""The sources whose files belong to one program and its cohorts, and the column of their day."""

_KNOWN = """
create or replace temp table names_here as
select value as name from known_names union select email from known_emails
"""

_COHORTS = """
create or replace temp table cohorts_here as
select unnest(?::date[]) as first_day, unnest(?::date[]) as last_day
"""

_TEXTS = 'create or replace temp table texts_here (file_id varchar, member varchar, written varchar, "rows" bigint)'

_NOTE = """
insert into texts_here
with texts (file_id, member, moment) as ({rows}),

days as (select file_id, member, left(ltrim(moment), 10) as written from texts)

select file_id, member, written, count(*) from days group by grouping sets ((file_id, member), (file_id, written))
"""
"""Names and days apart, in one reading of the rows."""

_NOTE_TYPED = """
insert into texts_here select ?, name, cast(moment as date), sum("rows") from {sums} group by all
"""

_OVERLAPS = """
with texts as (
    select file_id, cell(member) as name, try_cast(written as date) as day, "rows" from texts_here
),

judged as (
    select
        *,
        name in (select name from names_here where name is not null)
        or email_form(name) in (select name from names_here where name is not null) as is_known,
        exists (select 1 from cohorts_here where day between first_day and last_day) as is_inside
    from texts
)

select
    file_id,
    count(distinct name) as names,
    case when (select count(name) from names_here) > 0 then count(distinct name) filter (where is_known) end as known,
    coalesce(sum("rows") filter (where day is not null), 0) as dated,
    case when (select count(*) from cohorts_here) > 0 then coalesce(sum("rows") filter (where is_inside), 0) end
        as inside
from judged group by file_id having names >= ?
"""
"""Days are taken as written: a zone moves a row by a day at most."""

_HELD = "create or replace temp table held_files as select unnest(?::varchar[]) as file_id, unnest(?::varchar[]) as why"

_HOLD = """
update raw.files set status = 'held', reason = why, "rows" = 0, ignored = 0, superseded = 0, needs_look = false
from held_files where held_files.file_id = files.file_id
"""


@dataclass(frozen=True)
class _Export:
    """A file of activity as it is compared. ``people``: XP and minutes by person and kind of learning."""

    file_id: str
    rows: int
    exported_on: date | None
    period: tuple[date | None, ...]
    people: Mapping[tuple[str, str | None], tuple[Decimal, Decimal]]

    def shares_people(self, other: _Export) -> bool:
        return not self.people.keys().isdisjoint(other.people.keys())

    def total(self, place: int) -> Decimal:
        return sum((amounts[place] for amounts in self.people.values()), start=Decimal(0))

    def with_xp(self) -> set[str]:
        return {person for (person, _), (xp, _) in self.people.items() if xp > 0}


def hold_suspicious(
    con: duckdb.DuckDBPyConnection,
    program: Program,
    accepted: Collection[str],
    column_sets: Mapping[str, ColumnSet],
    *,
    doubts: Mapping[str, str] = MappingProxyType({}),
    newer: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> dict[str, str]:
    """Takes files that are not to be believed out of ``raw``; returns the reason of each by ``file_id``.

    Contents in ``accepted`` (SHA-256) stay, whatever is odd about them. ``column_sets`` by ``file_id`` are of files
    that nothing obliges to have them, ``doubts`` what is odd about a file of itself. ``newer``: by ``file_id`` the
    versions that came later to its place.
    """
    identity.learn_early(con, program)
    query = "select file_id, sha256 from raw.files"
    trusted = {file_id for file_id, sha256 in con.execute(query).fetchall() if sha256 in accepted}
    doubts = {file_id: why for file_id, why in doubts.items() if file_id not in trusted}
    hold(con, doubts)
    others = {file_id: why for file_id, why in _of_others(con, program).items() if file_id not in trusted}
    hold(con, others)
    changed = drifted(con, program, column_sets, trusted)
    hold(con, changed)
    less: dict[str, str] = {}
    for place, entry in enumerate(program.sources.get("activity", [])):
        if is_cumulative(entry) or entry.covers not in ("rows", "all"):
            less |= _less(_exports(con, program, place, newer), trusted)
    hold(con, less)
    return {**doubts, **others, **changed, **less}


def hold(con: duckdb.DuckDBPyConnection, reasons: Mapping[str, str]) -> None:
    """Leaves of these files nothing but their line in ``raw.files``."""
    if not reasons:
        return
    con.execute(_HELD, [list(reasons), list(reasons.values())])
    con.execute(_HOLD)
    con.execute("delete from raw.rejects where file_id in (select file_id from held_files)")
    for table in RAW_TABLES:
        con.execute("delete from " + qualified(table) + " where _file_id in (select file_id from held_files)")


def _of_others(con: duckdb.DuckDBPyConnection, program: Program) -> dict[str, str]:
    """Files most of whose names roster and aliases do not know, or most of whose rows lie outside every cohort.

    Nobody is strange to a program that knows nobody yet, no day to one that has a cohort without bounds.
    """
    con.execute(_KNOWN)
    spans = [(cohort.starts_on, cohort.ends_on) for cohort in program.cohorts]
    bounds = spans if all(first and last for first, last in spans) else []
    con.execute(_COHORTS, [[first for first, _ in bounds], [last for _, last in bounds]])
    if not bounds and con.execute("select count(name) from names_here").fetchall() == [(0,)]:
        return {}
    con.execute(_TEXTS)
    for source in DATED.keys() & program.sources.keys():
        moment = identifier(DATED[source])
        raw = "select _file_id, member, " + moment + " from " + qualified(TABLE_BY_KEY["raw." + source])
        con.execute(_NOTE.format(rows=raw))
        for file in typed_files(con, SOURCE_BY_NAME[source]):
            con.execute(_NOTE_TYPED.format(sums=qualified(sums(file.table))), [file.file_id])
    found = {}
    for file_id, names, known, dated, inside in con.execute(_OVERLAPS, [FEWEST_NAMES]).fetchall():
        share = f"roster and aliases know {known} of its {names} names"
        if known is None or known >= LEAST_OVERLAP * names:
            share = f"{inside} of its {dated} rows are dated within a cohort"
            if inside is None or inside >= LEAST_OVERLAP * dated:
                continue
        found[file_id] = f"does not look like this program's: {share}, fewer than half; accept it if it is"
    return found


def _exports(
    con: duckdb.DuckDBPyConnection, program: Program, place: int, newer: Mapping[str, Collection[str]]
) -> list[_Export]:
    """The loaded files of an activity entry, in the order of their export; none where there is only one."""
    entry = program.sources["activity"][place]
    of_entry = "from raw.files where source = 'activity' and status = 'loaded' and entry = ?"
    if con.execute("select count(*) " + of_entry, [place]).fetchall()[0][0] < 2:
        return []
    activity = SOURCE_BY_NAME["activity"]
    checks = rules(activity, program)
    cells = (
        "select _file_id, _timezone, "
        + ", ".join(cell(rule.name) + " as " + identifier(rule.name) for rule in checks)
        + " from raw.activity semi join (select file_id " + of_entry + ") as files on files.file_id = _file_id"
    )  # fmt: skip
    person, join = "name_form(member)", ""
    if identity.is_resolved(activity, program):
        identity.resolve(con, activity, "(select cell(member) as member from raw.activity) as named")
        person = "coalesce(names.member_id, names.stranger)"
        join = " left join " + identity.names_table(activity) + " as names on names.value = read.member"
    query = (
        "with " + read(activity, checks, [cells]) + " select _file_id, " + person + ", kind, "
        + "coalesce(sum(" + typed("xp") + "), 0), coalesce(sum(" + typed("minutes") + "), 0), max("
        + latest_instant(activity) + "), min(local_day(" + typed("occurred_at") + ", " + literal(program.timezone)
        + ")) from read" + join + " where member is not null group by all"
    )  # fmt: skip
    people: dict[str, dict[tuple[str, str | None], tuple[Decimal, Decimal]]] = defaultdict(dict)
    latest: dict[str, datetime] = {}
    first_days: dict[str, date] = {}
    for file_id, person, kind, xp, minutes, instant, day in con.execute(query, [place]).fetchall():
        people[file_id][person, kind] = (xp, minutes)
        if day is not None:
            latest[file_id] = max(instant, latest.get(file_id, instant))
            first_days[file_id] = min(day, first_days.get(file_id, day))
    columns = 'select file_id, "rows", exported_at, covers_from, covers_to, sha256 '
    found = []
    for file_id, rows, exported_at, first, last, sha256 in con.execute(columns + of_entry, [place]).fetchall():
        period: tuple[date | None, ...] = ()
        if not is_cumulative(entry):
            period = (first_days.get(file_id),) if entry.covers == "export" else (first, last)
        at = exported_at or latest.get(file_id)
        on = at and at.replace(tzinfo=UTC).astimezone(ZoneInfo(program.timezone)).date()
        found.append((at is not None, at, sha256, file_id, _Export(file_id, rows, on, period, people[file_id])))
    return _in_order([export for *_, export in sorted(found, key=lambda one: one[:4])], newer)


def _in_order(exports: Sequence[_Export], newer: Mapping[str, Collection[str]]) -> list[_Export]:
    """Exports in order of time, with each version before those that came later to its place."""
    places = {export.file_id: at for at, export in enumerate(exports)}

    def order(export: _Export) -> tuple[int, int, int]:
        own = places[export.file_id]
        after = [places[file_id] for file_id in newer.get(export.file_id, ()) if file_id in places]
        return min([own, *after]), -len(after), own

    return sorted(exports, key=order)


def _less(exports: Iterable[_Export], trusted: Collection[str]) -> dict[str, str]:
    """Of exports in order those that have less than the one before of the same period, which is one that is believed.

    Files with nobody in common are parts of one export, not versions of each other.
    """
    held = {}
    believed: list[_Export] = []
    for export in exports:
        doubt = None
        if None not in export.period:
            versions = (e for e in reversed(believed) if e.period == export.period and e.shares_people(export))
            before = next(versions, None)
            doubt = before and _doubt(before, export)
        if doubt and export.file_id not in trusted:
            held[export.file_id] = doubt
        else:
            believed.append(export)
    return held


def _doubt(before: _Export, export: _Export) -> str | None:
    """What an export lacks that the one before had; None where it lacks too little to be held."""
    since = f"the export of {before.exported_on}" if before.exported_on else "the export before"
    doubts = []
    if export.rows < LEAST_ROWS * before.rows:
        doubts.append(f"{export.rows} rows, fewer than 90 % of the {before.rows} in {since}")
    if gone := len(before.with_xp() - export.with_xp()):
        doubts.append(f"no XP of {gone} persons who had some in {since}")
    for place, amount in enumerate(("XP", "minutes")):
        if (had := before.total(place)) and (has := export.total(place)) < LEAST_TOTAL * had:
            doubts.append(f"decreased: {amount} in all are {(1 - has / had):.1%} less than in {since}")
    return "; ".join((*doubts, "accept it if that is right")) if doubts else None
