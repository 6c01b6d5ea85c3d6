"""Open edX for enterprises: learner progress, individual engagement and completion reports, the license CSV.

Belongs here: edX's headers and words. Instants without a zone are UTC. Learning by day comes from the engagement report
alone, since the totals of learner progress repeat it. A learner who did not consent to sharing has no address in
learner progress, and is left out. A license that is assigned is an invitation; reminders say nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.layouts.completed import NO, completed, graded, shaped
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, rows_of
from fellowship_pipeline.intake.layouts.mapping import multiplied
from fellowship_pipeline.intake.layouts.seats import DATED, snapshot
from fellowship_pipeline.intake.readers.records import Records, each

ENGAGEMENT = ("email", "course_title", "activity_date", "learning_time_hours")
PASSED = ("email", "course_title", "enroll_type", "passed_date")
PROGRESS = ("user_email", "course_title", "is_consent_granted", "has_passed", "passed_date")
LICENSES = ("status", "user_email", "activation_date", "last_remind_date", "activation_link")
REPORTS = {"activity": (ENGAGEMENT,), "completions": (PROGRESS, PASSED), "seat_snapshots": (LICENSES,)}
"""The reports that a source is read from, each by the columns it must have."""
STATES = {"assigned": "invited", "activated": "active", "revoked": "removed"}


@dataclass(frozen=True)
class _Enterprise:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        reports = REPORTS[self.group.source.name]
        report = next((columns for columns in reports if _has(records, columns)), None)
        if report is None:
            if any(_has(records, columns) for others in REPORTS.values() for columns in others):
                return Shaped(None, unused="a report that this source is not read from")
            records.demand(reports[0])
        if report is PROGRESS:
            return _progress(records)
        if report is LICENSES:
            return self._licenses(file, records)
        columns = {"member": records.column("email"), "course": records.column("course_title")}
        if report is PASSED:
            return Shaped(rows_of(records, columns | {"completed_at": records.column("passed_date")}))
        minutes = each(records.column("learning_time_hours"), multiplied(Decimal(60)))
        return Shaped(rows_of(records, columns | {"occurred_at": records.column("activity_date"), "minutes": minutes}))

    def _licenses(self, file: Incoming, records: Records) -> Shaped:
        columns = {
            "member": records.column("user_email"),
            "status": each(records.column("status"), lambda word: STATES.get(word.strip().casefold(), word)),
            "accepted_at": records.column("activation_date"),
        }
        return snapshot(self.group, file, records, columns)


def _progress(records: Records) -> Shaped:
    anonymous = [
        not email.strip() and consent.strip().casefold() in NO
        for email, consent in zip(
            records.column("user_email").to_pylist(), records.column("is_consent_granted").to_pylist(), strict=True
        )
    ]
    known = records.only(pc.invert(pa.array(anonymous, pa.bool_())))
    headers = {
        "member": "user_email",
        "course": "course_title",
        "completed_at": "passed_date",
        "started_at": "enrollment_date",
        "score": "current_grade",
    }
    rows, rejects = completed(known, "has_passed", headers)
    there = records.place("current_grade") is not None
    rows, more = graded(rows, records.column("current_grade").to_pylist() if there else ())
    return shaped(records, rows, [*rejects, *more])


def _has(records: Records, columns: tuple[str, ...]) -> bool:
    return all(records.place(column) is not None for column in columns)


PRESET = Preset(
    _Enterprise,
    timezone="UTC",
    exported=DATED,
    known=(
        Known("Open edX learner progress", ("completions",), PROGRESS),
        Known("Open edX individual completions", ("completions",), PASSED),
        Known("Open edX individual engagement", ("activity",), ENGAGEMENT),
        Known("Open edX licenses", ("seat_snapshots",), LICENSES),
    ),
)
