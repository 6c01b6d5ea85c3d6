"""Canvas' gradebook: a row per student, a column per assignment, and rows that are nobody's.

Belongs here: Canvas' headers and words. A member is the ``SIS Login ID``, else the name. Rows of nobody are ignored:
the points possible, what says how assignments are posted, the test student. An assignment is a column whose header ends
in its id and whose points possible are not read only; totals and the teacher's own columns are none. Its name loses the
id, unless two share it. Who has points for it has completed it, with a score out of a hundred; ``EX``, ``N/A``, nothing
and 0, which is also what missing work gets, complete nothing, and a letter completes it without a score. The gradebook
has no days: the entry says when, ``values: {completed_at: …}``, a day or what the path says, and the roster's cohort.

The layout is that of Canvas' own program, whose text was read; real files have been seen in programs that read them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from fellowship_pipeline.intake.layouts.completed import number, out_of, shaped
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.layouts.nobody import NO_STUDENTS
from fellowship_pipeline.intake.layouts.unpivoted import unpivoted
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.records import Quarantined, Records, each, normal, texts
from fellowship_pipeline.program.sources import Entry, Place, Unpivot

NAMES = ("Student", "LastName", "FirstName")
LOGIN = "SIS Login ID"
HEADER = ("ID", LOGIN, "Section")
POSSIBLE = "points possible"
NOBODY = frozenset({"", *NO_STUDENTS, "test student"})
ASSIGNMENT = re.compile(r"(?P<title>.+) \(\d+\)")
NOTHING = frozenset({"", "ex", "n/a"})
MADE_NAME, MADE_CELL = "_assignment", "_grade"


def read(data: bytes, entry: Entry) -> Records:
    """The records as any table's, those of nobody too: the points possible are read from theirs."""
    return read_file(data, entry)


@dataclass(frozen=True)
class _Gradebook:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand((*(NAMES[1:] if records.place(NAMES[1]) is not None else NAMES[:1]), *HEADER))
        names = _names(records)
        students = records.only(pa.array([normal(name) not in NOBODY for name in names], pa.bool_()))
        if self.group.source.name == "completions":
            return _completions(self.group.entry, records, students)
        rows = rows_of(students, {"member": _members(students), "name": pa.array(_names(students), pa.string())})
        return Shaped(rows, ignored=len(records.rows) - len(students.rows))


def _completions(entry: Entry, records: Records, students: Records) -> Shaped:
    """A row for each assignment that a student has points for."""
    possible = _possible(records)
    if not possible:
        return Shaped(None, unused="a gradebook without assignments")
    places = [Place(place=at + 1) for at in possible]
    asked = Unpivot(columns=[*places], header=MADE_NAME, cell=MADE_CELL)
    graded = unpivoted(students, entry.model_copy(update={"unpivot": asked}))
    graded = graded.only(each(graded.column(MADE_CELL), lambda cell: cell if _completes(cell) else None).is_valid())
    points = {records.header[at].strip(): most for at, most in possible.items()}
    names, cells = texts(graded, [MADE_NAME]), texts(graded, [MADE_CELL])
    called = _called(list(points))
    columns: dict[str, pa.Array] = {
        "member": _members(graded),
        "course": pa.array([called[name] for name in names], pa.string()),
        "score": pa.array([_score(cell, points[name]) for name, cell in zip(names, cells, strict=True)], pa.string()),
    }
    return shaped(records, rows_of(graded, columns), [])


def _possible(records: Records) -> dict[int, Decimal]:
    """The places of assignments with their points possible, zero where they have none."""
    lines = [at for at, name in enumerate(_names(records)) if normal(name) == POSSIBLE]
    if not lines:
        raise Quarantined("a gradebook without its line 'Points Possible': export it anew, and leave the line in it")
    cells = [column[lines[0]].as_py() for column in records.columns]
    found = {at: number(cells[at]) for at, header in enumerate(records.header) if ASSIGNMENT.fullmatch(header.strip())}
    return {at: most for at, most in found.items() if most is not None}


def _called(headers: Sequence[str]) -> Mapping[str, str]:
    """The name of each assignment: its title, with the id where two have it."""
    titles = {header: match["title"] for header in headers if (match := ASSIGNMENT.fullmatch(header))}
    counted = Counter(titles.values())
    return {header: title if counted[title] == 1 else header for header, title in titles.items()}


def _completes(cell: str) -> bool:
    return normal(cell) not in NOTHING and number(cell) != 0


def _score(cell: str, possible: Decimal) -> str:
    """Out of a hundred; empty where it is a letter, or nothing is possible."""
    return out_of(possible, cell) if number(cell) is not None and possible else ""


def _members(records: Records) -> pa.Array:
    pairs = zip(texts(records, [LOGIN]), _names(records), strict=True)
    return pa.array([login or name for login, name in pairs], pa.string())


def _names(records: Records) -> list[str]:
    """The student's name as Canvas sorts it: the last, a comma, the first."""
    if records.place(NAMES[0]) is not None:
        return texts(records, NAMES[:1])
    pairs = zip(texts(records, NAMES[1:2]), texts(records, NAMES[2:]), strict=True)
    return [", ".join(filter(None, pair)) for pair in pairs]


PRESET = Preset(
    _Gradebook,
    known=(
        Known("Canvas gradebook", ("roster", "completions"), (NAMES[0], *HEADER)),
        Known("Canvas gradebook with names apart", ("roster", "completions"), (*NAMES[1:], *HEADER)),
    ),
    reader=read,
)
