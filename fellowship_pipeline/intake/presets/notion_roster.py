"""PseudoLab's Notion table of studies as a roster: a row is a study, its people stand in cells.

Belongs here: which cell names whom. Builders are builders, runners and dropouts are learners, of the study's cohort
(기수) since the beginning of its 기간; 이름 is the study group. The member is the name as written, since the table has
nothing else of a person: ``aliases`` say who it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.instants import canonical, spelled
from fellowship_pipeline.intake.readers.records import Records, texts

STUDY, COHORT, PERIOD = "이름", "기수", "기간"
BUILDERS, RUNNERS, DROPOUTS = "빌더", "러너", "이탈자"
ROLES = {BUILDERS: "builder", RUNNERS: "learner", DROPOUTS: "learner"}
"""The role that a cell gives its people; of several the first counts."""
SEPARATOR = re.compile(r",\s*(?![^()]*\))")
"""What Notion puts between several values, but not inside of parentheses."""
DAYS = ("%B %d, %Y", "%B %d, %Y %I:%M %p", "%Y년 %m월 %d일", "%Y/%m/%d")
UNTIL = "→"


COLUMNS = ("member", "cohort", "role", "study_group", "joined_on")
SCHEMA = pa.schema([*((name, pa.string()) for name in COLUMNS), ("_row", pa.int64()), ("_line", pa.int64())])


@dataclass(frozen=True)
class _Roster:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand((STUDY, COHORT, PERIOD, *ROLES))
        declared = self.group.entry.datetime_format
        patterns = (declared,) if declared else DAYS
        rows = []
        for at, (study, cohorts, period) in enumerate(zip(*_cells(records, STUDY, COHORT, PERIOD), strict=True)):
            people = {
                name: role
                for header, role in reversed(ROLES.items())
                for name in several(_cells(records, header)[0][at])
            }
            place = {"_row": records.rows[at].as_py(), "_line": records.lines[at].as_py()}
            common = {"study_group": study, "joined_on": first_day(period, patterns), **place}
            rows += [
                {"member": name, "cohort": cohort, "role": role, **common}
                for cohort in several(cohorts) or [""]
                for name, role in people.items()
            ]
        table = pa.Table.from_pylist(rows, SCHEMA)
        ignored = len(records.rows) - len(table["_row"].unique())
        return Shaped(table, ignored=ignored, notes=tuple(_notes(records, rows)))


def _notes(records: Records, rows: Sequence[Mapping[str, object]]) -> Iterator[Note]:
    """What the table cannot say, and the roster therefore does not."""
    dropouts = sum(len(several(cell)) for cell in _cells(records, DROPOUTS)[0])
    if dropouts:
        yield Note("dropouts_undated", {"people": dropouts})
    studies = Counter(member for member, _ in {(row["member"], row["study_group"]) for row in rows})
    if several_studies := sum(count > 1 for count in studies.values()):
        yield Note("several_studies", {"names": several_studies})
    places = Counter((row["member"], row["cohort"], row["joined_on"]) for row in rows)
    if doubled := sum(count > 1 for count in places.values()):
        yield Note("studies_at_once", {"names": doubled})


def several(cell: str) -> list[str]:
    """The values in a cell, each once."""
    return list(dict.fromkeys(value for text in SEPARATOR.split(cell) if (value := text.strip())))


def first_day(period: str, patterns: Iterable[str]) -> str:
    """The day on which a period begins, as YYYY-MM-DD; text that no pattern fits stays, for the rules to reject."""
    begins = period.partition(UNTIL)[0].strip()
    if not begins or canonical(begins):
        return begins[:10]
    found = (moment for pattern in patterns if (moment := spelled(begins, pattern)))
    return next((moment[:10] for moment in found), begins)


def _cells(records: Records, *headers: str) -> list[list[str]]:
    return [texts(records, [header]) for header in headers]


PRESET = Preset(_Roster, known=(Known("PseudoLab's studies in Notion", ("roster",), (STUDY, COHORT, PERIOD, *ROLES)),))
