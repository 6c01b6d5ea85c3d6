"""Records of platforms' exports that are no persons and no responses, as the platform's own words tell.

Canvas puts the points possible and a test student into its gradebook; Qualtrics has two more lines of headers, previews
and responses that nobody finished. Belongs here: those words, and what an entry has to say so that the records are left
out. Does not belong here: leaving them out (``readers.asides``, ``counted``), which only the entry decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.notes import Note
from fellowship_pipeline.intake.readers.records import Records, normal, texts

NO_STUDENTS = ("points possible", "student, test")
_LIKE_NO_STUDENTS = "oi|ude"
"""In both of these, and in few names: most need not be compared one by one."""

SKIP_NO_STUDENTS = r"^\s*(Points Possible|Student, Test)?\s*$"
"""Also what stands above: a line without a name that says how columns are posted."""

QUALTRICS = ("StartDate", "EndDate", "Status", "Finished", "ResponseId")
NO_QUESTIONS = (
    *QUALTRICS, "Progress", "Duration (in seconds)", "RecordedDate", "DistributionChannel", "UserLanguage", "IPAddress",
    "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude",
    "LocationLongitude",
)  # fmt: skip
"""What Qualtrics says of a response, beside its answers."""

IMPORT_ID = '{"importid"'
PREVIEWS, UNFINISHED = frozenset({"survey preview", "1"}), frozenset({"false", "0"})
ANSWERED = frozenset({"ip address", "0"})
MOST_LINES = 5


def to_declare(records: Records) -> dict[str, Any]:
    """What an entry says of a file in which such records stand; nothing where none do."""
    if not records.columns:
        return {}
    first = [" ".join(text.split()) for text in records.columns[0].to_pylist()]
    if normal(records.header[0]) == "student" and any(text.casefold() in NO_STUDENTS for text in first):
        return {"skip_matching": SKIP_NO_STUDENTS}
    if not is_qualtrics(records):
        return {}
    declared: dict[str, Any] = {}
    ids = next((at for at, text in enumerate(first[:2]) if normal(text).startswith(IMPORT_ID)), None)
    if ids is not None:
        labels = [f"^{re.escape(text)}$".replace("\\ ", " ") for text in first[:ids]]
        declared["skip_matching"] = "|".join(["ImportId", *labels])
        declared |= _zone(first[ids])
    finished, status = (texts(records, [header]) for header in ("Finished", "Status"))
    if previews_and_unfinished(records) != (0, 0):
        declared["where"] = _where(finished, status)
    return declared


def is_qualtrics(records: Records) -> bool:
    """Whether the header is that of Qualtrics' responses."""
    there = list(map(normal, records.header))
    return all(there.count(normal(header)) == 1 for header in QUALTRICS)


def previews_and_unfinished(records: Records) -> tuple[int, int]:
    """How many of Qualtrics' responses are previews, and how many of the others nobody finished."""
    status, finished = ([normal(text) for text in texts(records, [header])] for header in ("Status", "Finished"))
    pairs = list(zip(status, finished, strict=True))
    previews = sum(kind in PREVIEWS for kind, _ in pairs)
    return previews, sum(kind not in PREVIEWS and ended in UNFINISHED for kind, ended in pairs)


def noted(records: Records, persons: pa.Array | pa.ChunkedArray | None) -> list[Note]:
    """That records which are nobody's count, by the column of ``persons`` or a platform's header."""
    found: list[Note] = []
    if persons is not None:
        alike = pc.indices_nonzero(pc.match_substring_regex(persons, _LIKE_NO_STUDENTS, ignore_case=True))
        names = [normal(text) for text in persons.take(alike).to_pylist()]
        there = records.lines.take(alike).to_pylist()
        lines = [line for line, name in zip(there, names, strict=True) if name in NO_STUDENTS]
        if lines:
            said = ", ".join(map(str, lines[:MOST_LINES])) + (", …" if len(lines) > MOST_LINES else "")
            found.append(Note("no_students", {"lines": said}))
    if is_qualtrics(records):
        previews, unfinished = previews_and_unfinished(records)
        if previews or unfinished:
            found.append(Note("no_responses", {"previews": previews, "unfinished": unfinished}))
    return found


def _zone(import_id: str) -> dict[str, str]:
    """The zone of the response's times, as the line of ids has it."""
    try:
        said = json.loads(import_id).get("timeZone")
    except ValueError:
        return {}
    return {"timezone": said} if said in available_timezones() else {}


def _where(finished: Sequence[str], status: Sequence[str]) -> dict[str, str]:
    """What the responses that count have in common, in the file's own words."""
    done = next((text for text in finished if normal(text) in ("true", "1")), None)
    real = next((text for text in status if normal(text) in ANSWERED), None)
    return {name: text for name, text in (("Finished", done), ("Status", real)) if text is not None}
