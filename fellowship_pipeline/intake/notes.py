"""What is odd about a file and does not stop it: a closed vocabulary, and what each word of it says to people.

Belongs here: the kinds of notes, their text, whether somebody has to look. Does not belong here: reasons to hold or to
refuse a file (``readers.records``), or finding anything odd.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

NoteKind = Literal[
    "no_newline",
    "erased",
    "beside",
    "sheet_hidden",
    "rows_hidden",
    "columns_nameless",
    "no_rows",
    "not_addresses",
    "columns_unread",
    "words_unread",
    "columns_alone",
    "lines_printed",
    "minutes",
    "minutes_estimated",
    "no_minutes",
    "meeting_miscounted",
    "summary_miscounted",
    "people_apart",
    "never_left",
    "dropouts_undated",
    "several_studies",
    "studies_at_once",
    "replaces",
    "stands_beside",
    "options_undeclared",
    "came_before",
    "no_students",
    "no_responses",
    "previews",
    "unfinished",
    "where_nothing",
    "undated",
    "hour_unsure",
    "no_day",
    "whole_days",
    "as_archived",
]

TEXTS: Mapping[NoteKind, str] = {
    "no_newline": "no newline at the end",
    "erased": "{records} records of erased persons left out",
    "beside": "not read: {parts}",
    "sheet_hidden": "the sheet is hidden",
    "rows_hidden": "{rows:,} of its rows are hidden, and read",
    "columns_nameless": "{columns} values and no header: not read; `place: {place}` instead of a header reads one",
    "columns_unread": "not read: {columns}, since program.yaml takes from elsewhere what bears the name",
    "not_addresses": "{records} records have something else for an e-mail address: they are loaded without it",
    "no_rows": "a header and nothing else: nothing new",
    "words_unread": "not read: {columns}, none of whose words is one of ours; `columns` and `values` read them",
    "columns_alone": "{columns} left aside: no other file of the entry has it",
    "lines_printed": "{lines} printed lines before the header left out",
    "minutes": "minutes are of '{header}'",
    "minutes_estimated": "minutes are of '{header}'",
    "no_minutes": "no minutes: no column is sure to hold a learner's hours",
    "meeting_miscounted": "the meeting at line {line} says {said} participants, lists {joins} joins of {people} people",
    "summary_miscounted": "the summary says {said} attended, the report lists {listed}",
    "people_apart": "{people} people stand either among the participants or in the activities, not in both",
    "never_left": "{people} joined and never left: no minutes for them",
    "dropouts_undated": "{people} dropouts without the day they left: they stay in the roster",
    "several_studies": "{names} names stand in several studies, one person each as long as no aliases part them",
    "studies_at_once": "{names} of them from the same day on: only the last of these studies is in the roster",
    "replaces": "replaces {file}, which lay here before: {changed} rows changed, {came} came, {went} went",
    "stands_beside": "is of another time than {file}, which lay here before: both count",
    "options_undeclared": "no `options` of {questions}: what few wrote is published as 'other' alone",
    "came_before": "{people} were there before the list begins: their minutes count from its beginning",
    "no_students": "taken as persons, and nobody (points possible, a test student): line {lines}; say `skip_matching`",
    "no_responses": "{previews} previews and {unfinished} unfinished responses count: say `where`",
    "previews": "{records} previews and tests left out",
    "unfinished": "{records} responses that nobody finished left out",
    "where_nothing": "no record counts: `where` asks for {asked}",
    "undated": "{records} of {all} records ignored, {column} is empty: fill it, or say `where: {{{header}: present}}`",
    "hour_unsure": "{records} records have a time that clocks of {zone} show twice or never: write it with its offset",
    "no_day": "its times have no day, so only minutes are read: put YYYY-MM-DD into its name, or say `exported`",
    "whole_days": "{events} events of a whole day are sessions too: `skip_matching` leaves holidays and the like out",
    "as_archived": "{text}",
}
"""What a note says. ``as_archived``: one that was written down as text alone, before notes had kinds."""

EXPECTED: frozenset[NoteKind] = frozenset(
    {
        "no_newline",
        "erased",
        "minutes",
        "replaces",
        "stands_beside",
        "no_rows",
        "columns_unread",
        "words_unread",
        "came_before",
        "previews",
        "unfinished",
        "no_day",
    }
)
"""The kinds that nobody has to look at."""


@dataclass(frozen=True)
class Note:
    """Something odd. ``values`` fill its text; those that are text are quoted from the file."""

    kind: NoteKind
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What it says."""
        return TEXTS[self.kind].format(**self.values)

    @property
    def needs_look(self) -> bool:
        """Whether somebody has to look at the file."""
        return self.kind not in EXPECTED

    @property
    def quoted(self) -> tuple[str, ...]:
        """What it quotes of the file."""
        return tuple(value for value in self.values.values() if isinstance(value, str))

    def requoted(self, change: Callable[[str], str]) -> Note:
        """The same with ``change`` applied to what it quotes of the file."""
        changed = {name: change(value) if isinstance(value, str) else value for name, value in self.values.items()}
        return Note(self.kind, changed)


def said(notes: Iterable[Note]) -> str | None:
    """The notes as one text; None where there are none."""
    return "; ".join(note.text for note in notes) or None
