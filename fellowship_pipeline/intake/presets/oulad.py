"""Open University Learning Analytics Dataset: days count from the presentation's start, ``?`` is no value.

Belongs here: its tables as roster, activity, completions and catalog. A member is a student, a cohort a module's
presentation. ``B`` presentations begin in February, ``J`` in October, on the 1st.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.readers.records import Quarantined, Records, Reject, each, joined, normal

MONTHS = {"B": 2, "J": 10}
NO_VALUE = "?"
COHORT = ("code_module", "code_presentation")
TABLES = {
    "roster": (*COHORT, "id_student", "date_registration", "date_unregistration"),
    "activity": (*COHORT, "id_student", "id_site", "date", "sum_click"),
    "completions": ("id_assessment", "id_student", "date_submitted", "score"),
    "catalog": (*COHORT, "id_assessment", "assessment_type"),
}
"""The columns of the table that each source is read from."""


@dataclass
class _Oulad:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        source = self.group.source.name
        if not _has(records, source) and any(_has(records, other) for other in TABLES):
            return Shaped(None, unused="a table that this source does not read")
        records.demand(TABLES[source])
        match source:
            case "roster":
                return self._roster(records)
            case "activity":
                return self._activity(records)
            case "completions":
                return self._completions(file, records)
            case _:
                return self._catalog(records)

    def _roster(self, records: Records) -> Shaped:
        cohort = _cohort(records)
        return _shaped(
            records,
            {
                "member": records.column("id_student"),
                "cohort": cohort,
                "joined_on": _days(cohort, records.column("date_registration")),
                "left_on": _days(cohort, records.column("date_unregistration")),
            },
            {"joined_on": "date_registration", "left_on": "date_unregistration"},
        )

    def _activity(self, records: Records) -> Shaped:
        cohort = _cohort(records)
        return _shaped(
            records,
            {
                "member": records.column("id_student"),
                "occurred_at": _days(cohort, records.column("date")),
                "course": cohort,
                "item": records.column("id_site"),
                "xp": _value(records, "sum_click"),
            },
            {"occurred_at": "date"},
        )

    def _completions(self, file: Incoming, records: Records) -> Shaped:
        cohort = each(records.column("id_assessment"), self._presentations(file))
        return _shaped(
            records,
            {
                "member": records.column("id_student"),
                "course": records.column("id_assessment"),
                "completed_at": _days(cohort, records.column("date_submitted")),
                "score": _value(records, "score"),
            },
            {"completed_at": "date_submitted"},
        )

    def _catalog(self, records: Records) -> Shaped:
        columns = {
            "course": records.column("id_assessment"),
            "track": _cohort(records),
            "title": records.column("assessment_type"),
        }
        return Shaped(rows_of(records, columns))

    def _presentations(self, file: Incoming) -> Callable[[str], str]:
        """From an assessment to the presentation that it belongs to, by the catalog that lies beside."""
        known: dict[str, str] = {}
        for other in self.group.files:
            if not other.folders & file.folders or other == file:
                continue
            records = self.group.usable(other)
            if records is not None and _has(records, "catalog"):
                pairs = zip(_ids(records, "id_assessment"), _cohort(records).to_pylist(), strict=True)
                known.update(pairs)
        if not known:
            raise Quarantined("no usable assessments.csv in its folder")
        return lambda assessment: known.get(assessment.strip(), "")


def _has(records: Records, source: str) -> bool:
    return set(TABLES[source]) <= {normal(header) for header in records.header}


def _ids(records: Records, header: str) -> Iterable[str]:
    ids: list[str] = pc.utf8_trim_whitespace(records.column(header)).to_pylist()
    return ids


def _cohort(records: Records) -> pa.Array:
    return joined("-", *(pc.utf8_trim_whitespace(records.column(name)) for name in COHORT))


def _value(records: Records, header: str) -> pa.Array:
    return each(records.column(header), lambda text: "" if text.strip() == NO_VALUE else text)


def _days(cohort: pa.Array, days: pa.ChunkedArray) -> pa.Array:
    """The calendar day so many days after the presentation's start; '' where there is none, NULL where it is no day."""
    return each(joined("|", cohort, days), _day)


def _day(text: str) -> str | None:
    cohort, _, days = (part.strip() for part in text.partition("|"))
    if days in ("", NO_VALUE):
        return ""
    presentation = cohort[-5:]
    try:
        start = date(int(presentation[:4]), MONTHS[presentation[4:]], 1)
        return (start + timedelta(days=int(days))).isoformat()
    except (ValueError, KeyError, OverflowError):
        return None


def _shaped(records: Records, columns: dict[str, pa.Array | pa.ChunkedArray], days: dict[str, str]) -> Shaped:
    """Rows of the columns; records with a day that is none become rejects."""
    bad = pc.is_null(columns[next(iter(days))])
    for name in days:
        bad = pc.or_(bad, pc.is_null(columns[name]))
    rejects = tuple(
        Reject(
            records.rows[at].as_py(),
            name,
            records.column(header)[at].as_py(),
            "no number of days after a presentation's start",
            records.lines[at].as_py(),
        )
        for name, header in days.items()
        for at in pc.indices_nonzero(pc.is_null(columns[name])).to_pylist()
    )
    return Shaped(rows_of(records, columns).filter(pc.invert(bad)), rejects=rejects)


PRESET = Preset(
    _Oulad,
    beside={"completions": ("assessments",)},
    known=tuple(Known(f"OULAD, the table of {source}", (source,), columns) for source, columns in TABLES.items()),
    person_ids=("id_student",),
)
