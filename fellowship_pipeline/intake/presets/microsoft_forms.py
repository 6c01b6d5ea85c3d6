"""Microsoft Forms: the workbook of responses, and what spreadsheet programs save of it as text.

Seen in real files saved as CSV: ``ID`` and ``Id``, times without a zone, ``anonymous`` as e-mail address, several
answers with a semicolon after each, points and feedback of a quiz beside its questions, a question that is called
``Email`` too. Seen in code that reads the workbooks: their headers. Not seen: a workbook itself, in which dates are
taken to be dates; headers in other languages than English. In which zone the times are is not known: the entry's, else
the program's.

Belongs here: Microsoft's headers. An id is one form's own, so that the start of the response is put beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fellowship_pipeline.intake.layouts import forms, wide
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped
from fellowship_pipeline.intake.readers.records import Records, normal, texts

ID, START, COMPLETED, EMAIL, NAME = HEADER = ("ID", "Start time", "Completion time", "Email", "Name")
RESPONDENT = "Email of the respondent"
"""What ``Email`` is called where a question has that name too."""
ANONYMOUS = "anonymous"
SEPARATOR = ";"


@dataclass(frozen=True)
class _MicrosoftForms:
    group: EntryFiles

    def shape(self, file: Incoming, records: Records) -> Shaped:
        records.demand((ID, START, COMPLETED))
        records, email = _apart(records)
        ids = [
            f"{known} {start}".strip()
            for known, start in zip(texts(records, [ID]), texts(records, [START]), strict=True)
        ]
        addresses = ["" if normal(text) == ANONYMOUS else text for text in texts(records, [email])]
        records = forms.rewritten(forms.rewritten(records, ID, ids), email, addresses)
        return wide.responses(
            forms.parted(self.group, SEPARATOR),
            records,
            submitted=[COMPLETED],
            read=forms.reading(self.group.entry, [*texts(records, [START]), *texts(records, [COMPLETED])]),
            member=[email] if any(addresses) else (),
            response=[ID],
        )


def _apart(records: Records) -> tuple[Records, str]:
    """The records and the header of the respondents' addresses, with that of a question of the same name apart."""
    places = [at for at, name in enumerate(records.header) if normal(name) == normal(EMAIL)]
    if len(places) < 2:
        return records, EMAIL
    first = places[0]
    return replace(records, header=(*records.header[:first], RESPONDENT, *records.header[first + 1 :])), RESPONDENT


PRESET = Preset(
    _MicrosoftForms,
    known=(Known("Microsoft Forms responses", ("survey_responses",), HEADER),),
    no_questions=("Last modified time", "Total points", "Quiz feedback", "Grade posted time"),
    separators=(SEPARATOR,),
)
