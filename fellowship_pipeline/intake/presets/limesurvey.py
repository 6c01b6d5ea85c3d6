"""LimeSurvey: a row per response, a column per question, subquestion or option.

Seen in LimeSurvey's own code, which writes the files: headers as codes, texts or both; ``Yes``, ``No`` and ``N/A`` for
long answers; ``Y`` and ``N`` turned into 1 and 2; 1980-01-01 where a survey keeps no dates; a line without anything
where nobody has answered. Seen in headers that others read: ``seed``, ``startdate``. Not seen: a whole real file, texts
of headers in other languages than English.

Belongs here: LimeSurvey's headers and words. Who has no ``submitdate`` has not finished and is left out. An id is one
survey's own, so that what tells the responses of two surveys apart is put beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fellowship_pipeline.intake.layouts import forms, wide
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.readers.records import LacksColumns, Quarantined, Records, first_of, normal, texts
from fellowship_pipeline.program.sources import Entry, EntryQuestion


def _named(code: str, text: str) -> tuple[str, str, str]:
    """How a column is called, as exported with codes, texts or both."""
    return code, text, f"{code}. {text}"


ID, SUBMITTED = _named("id", "Response ID"), _named("submitdate", "Date submitted")
PAGE, LANGUAGE = _named("lastpage", "Last page"), _named("startlanguage", "Start language")
SEED, STARTED = _named("seed", "Seed"), _named("startdate", "Date started")
OTHERS = (
    *_named("token", "Access code"),
    *_named("datestamp", "Date last action"),
    *_named("ipaddr", "IP address"),
    *_named("refurl", "Referrer URL"),
)
NO_DATES = "1980-01-01"
NOT_ANSWERED = "n/a"
NOT_CHOSEN = frozenset({"n", "2", NOT_ANSWERED})
"""What stands in the column of an option that was not chosen, beside empty cells and ``No``."""


@dataclass(frozen=True)
class _LimeSurvey:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        if lacking := [((), names[0]) for names in (ID, SUBMITTED) if first_of(records, names) is None]:
            raise LacksColumns(lacking, records.header)
        entry = self.group.entry
        records, unfinished = forms.left_out(records, "unfinished", [not text for text in texts(records, SUBMITTED)])
        written = texts(records, SUBMITTED)
        if written and all(map(_is_no_date, written)) and "submitted_at" not in entry.values:
            raise Quarantined(
                f"the survey keeps no dates, {NO_DATES} stands for all: declare `values: {{submitted_at: …}}`"
            )
        records = _with_ids(_answered(records, entry))
        shaped = wide.responses(
            self.group, records, submitted=SUBMITTED, read=forms.reading(entry, written), response=ID
        )
        return forms.without(shaped, unfinished)


def _is_no_date(text: str) -> bool:
    return text.startswith(NO_DATES)


def _with_ids(records: Records) -> Records:
    """The records with ids that no other survey has: with the seed, else with when it was begun or sent in."""
    ids, beside = texts(records, ID), texts(records, (*SEED, *STARTED, *SUBMITTED))
    made = [
        known if _is_no_date(other) else f"{known} {other}".strip() for known, other in zip(ids, beside, strict=True)
    ]
    return forms.rewritten(records, first_of(records, ID) or ID[0], made)


def _answered(records: Records, entry: Entry) -> Records:
    """The records with nothing where LimeSurvey says that a question was not answered, or an option not chosen."""
    for question in entry.questions.values():
        if not (nothing := _nothing(question)):
            continue
        for at in _places(records, question):
            cells = ["" if normal(text) in nothing else text for text in records.columns[at].to_pylist()]
            records = forms.rewritten(records, at + 1, cells)
    return records


def _nothing(question: EntryQuestion) -> frozenset[str]:
    if question.headers:
        return NOT_CHOSEN
    is_closed = question.kind in wide.CHOSEN and NOT_ANSWERED not in map(normal, question.options)
    return frozenset({NOT_ANSWERED}) if is_closed else frozenset()


def _places(records: Records, question: EntryQuestion) -> Iterator[int]:
    for _, header in question.asked:
        if (at := records.place(header)) is not None:
            yield at


PRESET = Preset(
    _LimeSurvey,
    known=tuple(
        Known(f"LimeSurvey responses, {title}", ("survey_responses",), header)
        for title, header in zip(
            ("by code", "by text", "by code and text"), zip(ID, SUBMITTED, PAGE, LANGUAGE, strict=True), strict=True
        )
    ),
    no_questions=(*SEED, *STARTED, *OTHERS),
)
