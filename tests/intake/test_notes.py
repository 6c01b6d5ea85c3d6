"""What is odd about a file: what each kind says, which of them somebody has to look at, how they are kept."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import get_args

import pyarrow as pa
import pytest

from fellowship_pipeline.intake.notes import EXPECTED, TEXTS, Note, NoteKind, said
from fellowship_pipeline.intake.readers import transport
from fellowship_pipeline.intake.readers.delimited import read_delimited
from tests.intake.homes import Place

RECORDS = read_delimited(b"member,xp\nkim,10\n")
HIDDEN = Note("rows_hidden", {"rows": 1200})


def test_every_kind_has_its_text() -> None:
    assert set(TEXTS) == set(get_args(NoteKind))
    expected = {
        "no_newline",
        "erased",
        "minutes",
        "replaces",
        "stands_beside",
        "columns_unread",
        "no_rows",
        "words_unread",
        "came_before",
        "previews",
        "unfinished",
        "no_day",
    }
    assert {kind for kind in TEXTS if not Note(kind).needs_look} == EXPECTED == expected


@pytest.mark.parametrize(
    ("notes", "text"),
    [
        ([], None),
        ([HIDDEN], "1,200 of its rows are hidden, and read"),
        ([Note("sheet_hidden"), HIDDEN], "the sheet is hidden; 1,200 of its rows are hidden, and read"),
        ([Note("minutes", {"header": "Learning Hours"})], "minutes are of 'Learning Hours'"),
        ([Note("minutes_estimated", {"header": "Hours"})], "minutes are of 'Hours'"),
        (
            [Note("meeting_miscounted", {"line": 2, "said": "9", "joins": 8, "people": 7})],
            "the meeting at line 2 says 9 participants, lists 8 joins of 7 people",
        ),
    ],
)
def test_what_is_said(notes: list[Note], text: str | None) -> None:
    assert said(notes) == text


def test_only_what_is_quoted_of_the_file_is_changed() -> None:
    note = Note("summary_miscounted", {"said": "attended", "listed": 8})
    assert note.quoted == ("attended",)
    assert note.requoted(str.upper).text == "the summary says ATTENDED attended, the report lists 8"


def test_notes_are_kept_as_data() -> None:
    sink = io.BytesIO()
    transport.write(sink, replace(RECORDS, notes=(HIDDEN, Note("no_newline"))), {})
    kept, _ = transport.read(io.BytesIO(sink.getvalue()))
    assert kept is not None
    assert kept.notes == (HIDDEN, Note("no_newline"))


def test_notes_of_archives_that_have_their_text_alone_are_understood() -> None:
    beside = {"header": ["a"], "count": 1, "encoding": None, "rejects": [], "doubts": [], "ignored": 0, "about": {}}
    texts = ["no newline at the end", "3 records of erased persons left out", "the sheet is hidden"]
    table = pa.table({"0": ["x"], "1": [1], "2": [2]}).replace_schema_metadata(
        {transport.FACTS: json.dumps({"records": {**beside, "notes": texts}})}
    )
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    kept, _ = transport.read(io.BytesIO(sink.getvalue()))
    assert kept is not None
    assert kept.notes == (
        Note("no_newline"),
        Note("erased", {"records": 3}),
        Note("as_archived", {"text": "the sheet is hidden"}),
    )
    assert said(kept.notes) == "; ".join(texts)


def test_one_note_to_look_at_is_enough(place: Place) -> None:
    place.land({"a.csv": "member,occurred_at,course,xp\nkim,2022-03-01,R,10\nlee,2022-03-01,R,10"})
    place.land({"b.csv": "member,occurred_at,course,xp,Team\nkim,2022-03-02,R,10,x\nlee,2022-03-02,R,10,y"})
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    assert place.rows("select path, reason, needs_look from raw.files order by path") == [
        ("landing/a.csv", "no newline at the end", False),
        (
            "landing/b.csv",
            "no newline at the end; column 'Team' left aside: no other file of the entry has it",
            True,
        ),
    ]
    events = place.ledger.events()
    place.rows("select 1")
    assert place.ledger.events() == events
