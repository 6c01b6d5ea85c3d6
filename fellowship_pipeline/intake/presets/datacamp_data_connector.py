"""DataCamp Data Connector 1.0: a folder per day, or ``latest``, with one CSV per table.

Belongs here: its tables, what of them is activity and what a completion. Names of persons and courses come from the
tables that lie in the same folder. ``date_id`` is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.layouts.mapping import multiplied
from fellowship_pipeline.intake.readers.records import Quarantined, Records, each, joined, normal

CONTENT = {
    "course_fact": "course_id",
    "exercise_fact": "exercise_id",
    "project_fact": "project_id",
    "practice_fact": "practice_id",
}
"""The fact tables that XP is read from, and the column of what was learned."""
FINE = frozenset({"exercise_fact", "project_fact", "practice_fact"})
"""The facts whose XP ``course_fact`` repeats by course."""
FACT = ("user_id", "started_at", "completed_at")
OTHERS = (
    *("chapter_fact", "assessment_fact", "track_fact", "track_content_fact", "team_dim", "user_team_bridge"),
    *("track_dim", "track_content_dim", "assessment_dim", "chapter_dim", "practice_dim", "project_dim"),
)
USERS, COURSES, EXERCISES = "user_dim", "course_dim", "exercise_dim"
TABLES = tuple(sorted((*CONTENT, *OTHERS, USERS, COURSES, EXERCISES), key=len, reverse=True))
MINUTES = Decimal(1) / 60


@dataclass
class _Connector:
    group: EntryFiles
    tables: dict[str, str | None] = field(init=False)
    finer: bool = field(init=False)

    def __post_init__(self) -> None:
        self.tables = {file.sha256: self._table(file) for file in self.group.files}
        self.finer = any(file.asked and self.tables[file.sha256] in FINE for file in self.group.files)

    def shape(self, file: Incoming, records: Records) -> Shaped:
        table = self.tables[file.sha256]
        if table in {USERS, COURSES, EXERCISES}:
            return Shaped(None, unused="looked up by the facts of its folder")
        if table not in CONTENT:
            return Shaped(None, unused="a table that this source does not read")
        content = CONTENT[table]
        if self.group.source.name == "completions":
            return self._completions(file, records) if table == "course_fact" else Shaped(None, unused=NO_COMPLETIONS)
        if table == "course_fact" and self.finer:
            return Shaped(None, unused="the same XP by course as in the exercise, project and practice facts")
        records.demand((*FACT, content, "time_spent", "xp"))
        started, completed = _trimmed(records, "started_at"), _trimmed(records, "completed_at")
        learned = records.column(content)
        columns = {
            "member": self._members(file, records),
            "occurred_at": pc.if_else(pc.equal(completed, ""), started, completed),
            "kind": pa.array([table.removesuffix("_fact")] * len(records.rows), pa.string()),
            "xp": records.column("xp"),
            "minutes": each(records.column("time_spent"), multiplied(MINUTES)),
            "_fact": joined("|", table, _trimmed(records, "user_id"), pc.utf8_trim_whitespace(learned), started),
        }
        if table == "course_fact":
            columns["course"] = self._courses(file, records)
        else:
            columns["item"] = learned
        if table == "exercise_fact" and self._beside(file, EXERCISES):
            columns["course"] = each(pc.utf8_trim_whitespace(learned), self._course_of_exercise(file))
        return Shaped(rows_of(records, columns))

    def _completions(self, file: Incoming, records: Records) -> Shaped:
        records.demand((*FACT, "course_id"))
        done = pc.not_equal(_trimmed(records, "completed_at"), "")
        count = len(records.rows)
        records = records.only(done)
        started = _trimmed(records, "started_at")
        columns = {
            "member": self._members(file, records),
            "course": self._courses(file, records),
            "completed_at": records.column("completed_at"),
            "started_at": records.column("started_at"),
            "_fact": joined("|", "course_fact", _trimmed(records, "user_id"), _trimmed(records, "course_id"), started),
        }
        return Shaped(rows_of(records, columns), ignored=count - len(records.rows))

    def _members(self, file: Incoming, records: Records) -> pa.Array:
        return each(_trimmed(records, "user_id"), self._lookup(file, USERS, "user_id", "email"))

    def _courses(self, file: Incoming, records: Records) -> pa.Array:
        return each(_trimmed(records, "course_id"), self._lookup(file, COURSES, "course_id", "title"))

    def _course_of_exercise(self, file: Incoming) -> Callable[[str], str]:
        """From an exercise to the title of its course; empty where the folder does not say."""
        course = self._lookup(file, EXERCISES, "exercise_id", "course_title")
        return lambda known: "" if (title := course(known)) == known else title

    def _lookup(self, file: Incoming, table: str, key: str, value: str) -> Callable[[str], str]:
        """From an id to its name in the folders where the file lies, the newest version of the table deciding.

        An id without a name stays, so that nothing is lost.
        """
        names: dict[str, str] = {}
        usable = self._beside(file, table)
        if not usable:
            raise Quarantined(f"no usable {table}.csv in its folder")
        for records in usable:
            records.demand((key, value))
            pairs = zip(_trimmed(records, key).to_pylist(), _trimmed(records, value).to_pylist(), strict=True)
            names.update((known, name) for known, name in pairs if name)
        return lambda known: names.get(known, known)

    def _beside(self, file: Incoming, table: str) -> list[Records]:
        """The readable versions of a table in the folders where the file lies, the newest last."""
        tables = [
            other for other in self.group.files if other.folders & file.folders and self.tables[other.sha256] == table
        ]
        return [records for other in tables if (records := self.group.usable(other)) is not None]

    def _table(self, file: Incoming) -> str | None:
        """The table that the file is: by its name, else by its header."""
        for table in TABLES:
            if any(table in name for name in file.names):
                return table
        records = self.group.usable(file)
        return None if records is None else _by_header(map(normal, records.header))


NO_COMPLETIONS = "holds no completions of courses"


def _by_header(header: Iterable[str]) -> str | None:
    names = set(header)
    for table, content in CONTENT.items():
        if {*FACT, content} <= names:
            return table
    if {"user_id", "email"} <= names:
        return USERS
    if {"course_id", "title"} <= names and not names & {"chapter_id", "exercise_id", "project_id", "practice_id"}:
        return COURSES
    return None


def _trimmed(records: Records, header: str) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(records.column(header))


PRESET = Preset(
    _Connector,
    beside={"activity": (USERS, COURSES, EXERCISES), "completions": (USERS, COURSES)},
    timezone="UTC",
    exported=re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})"),
    person_ids=("user_id",),
    known=tuple(
        Known(
            f"DataCamp Data Connector 1.0, {table}",
            ("activity", "completions") if table == "course_fact" else ("activity",),
            (*FACT, content, "time_spent", "xp"),
        )
        for table, content in CONTENT.items()
    ),
)
