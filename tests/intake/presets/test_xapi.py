from __future__ import annotations

import json
from datetime import datetime

import pyarrow as pa
import pytest

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Shaped
from fellowship_pipeline.intake.presets.xapi import PRESET
from fellowship_pipeline.intake.readers.records import Records
from fellowship_pipeline.intake.readers.structured import read_json
from fellowship_pipeline.program.sources import Entry
from tests.intake.presets.shapes import rows

VERBS = "http://adlnet.gov/expapi/verbs/"
TYPES = "http://adlnet.gov/expapi/activities/"
SEEN = {
    "id": "s1",
    "actor.objectType": "Agent",
    "actor.mbox": "mailto:a@x.org",
    "verb.id": VERBS + "experienced",
    "object.id": "https://x.org/sums",
    "timestamp": "2024-03-05T01:02:03.123456789Z",
}
DONE = SEEN | {"verb.id": VERBS + "completed"}


def records(*statements: dict[str, str]) -> Records:
    """Statements as the reader of JSON hands them on: a column per path, empty where a statement lacks it."""
    header = tuple(dict.fromkeys(path for statement in statements for path in statement))
    columns = (pa.chunked_array([[one.get(path, "") for one in statements]], pa.string()) for path in header)
    numbers = pa.array(range(1, len(statements) + 1), pa.int64())
    return Records(header, tuple(columns), numbers, numbers, len(statements), "utf-8")


def made(source: str, *files: Records) -> Shaped:
    """What the first of the files becomes, with the others beside it in its entry."""
    incoming = {
        Incoming(str(at), (f"landing/{at}.jsonl",), 1, datetime(2024, 3, 6)): one for at, one in enumerate(files)
    }
    entry = Entry(files="landing/*", preset="xapi")
    group = EntryFiles(SOURCE_BY_NAME[source], entry, "UTC", tuple(incoming), incoming.__getitem__)
    file = next(iter(incoming))
    return PRESET.layout(group).shape(file, incoming[file])


def test_what_a_person_does_is_activity() -> None:
    shaped = made("activity", records(SEEN | {"object.definition.name.en-US": "Sums", "result.duration": "PT1H30M5S"}))
    columns = ("member", "occurred_at", "course", "item", "kind", "minutes", "_fact", "_row")
    assert rows(shaped, *columns) == [
        ("a@x.org", "2024-03-05T01:02:03.123456Z", "Sums", "", "experienced", "90.0833333333", "s1", 1)
    ]


@pytest.mark.parametrize("verb", ["completed", "passed", "satisfied"])
def test_a_completed_course_is_a_completion_and_no_activity(verb: str) -> None:
    done = records(DONE | {"verb.id": VERBS + verb, "object.definition.type": TYPES + "course"})
    assert rows(made("completions", done), "member", "course", "completed_at", "_fact") == [
        ("a@x.org", "https://x.org/sums", "2024-03-05T01:02:03.123456Z", "s1")
    ]
    shaped = made("activity", done)
    assert (rows(shaped, "_row"), shaped.ignored) == ([], 1)


def test_scores_are_out_of_a_hundred() -> None:
    scored = [DONE | {"result.score.scaled": "0.955"}, DONE | {"id": "s2"}]
    assert rows(made("completions", records(*scored)), "score") == [("95.5",), ("",)]


def test_a_completed_lesson_is_an_item_of_the_course_that_the_context_names() -> None:
    parent = '[{"id": "https://x.org/m", "definition": {"type": "http://x.org/module"}}]'
    grouping = (
        '[{"id": "https://x.org/c", "definition": {"type": "http://adlnet.gov/expapi/activities/course",'
        ' "name": {"ko": "수학", "en": "Math"}}}]'
    )
    lesson = records(
        DONE
        | {
            "object.definition.type": TYPES + "lesson",
            "object.definition.name.ko": "덧셈",
            "context.contextActivities.parent": parent,
            "context.contextActivities.grouping": grouping,
        }
    )
    assert rows(made("activity", lesson), "course", "item", "kind") == [("Math", "덧셈", "completed")]
    assert rows(made("completions", lesson), "_row") == []


def test_voided_statements_count_nowhere_whichever_file_voids_them() -> None:
    voiding = {
        "id": "v1",
        "actor.mbox": "mailto:admin@x.org",
        "verb.id": VERBS + "voided",
        "object.objectType": "StatementRef",
        "object.id": "s1",
    }
    later = records(voiding, SEEN | {"id": "s2"})
    shaped = made("activity", records(SEEN, SEEN | {"id": "s3"}), later)
    assert (rows(shaped, "_fact"), shaped.ignored) == ([("s3",)], 1)
    shaped = made("activity", later)
    assert (rows(shaped, "_fact"), shaped.ignored) == ([("s2",)], 1)


def test_a_statement_twice_in_a_file_counts_once_and_one_without_id_each_time() -> None:
    shaped = made("activity", records(SEEN, SEEN, SEEN | {"id": ""}, SEEN | {"id": ""}))
    assert (rows(shaped, "_row", "_fact"), shaped.ignored) == ([(1, "s1"), (3, None), (4, None)], 1)


@pytest.mark.parametrize(
    ("actor", "member"),
    [
        ({"actor.account.name": "ana", "actor.account.homePage": "https://x.org", "actor.name": "Ana"}, "ana"),
        ({"actor.mbox_sha1sum": "ebd31e95"}, "ebd31e95"),
        ({"actor.openid": "https://x.org/ana"}, "https://x.org/ana"),
        ({"actor.name": "Ana"}, ""),
    ],
)
def test_people_by_identifier_never_by_name(actor: dict[str, str], member: str) -> None:
    statement = {path: text for path, text in SEEN.items() if not path.startswith("actor")} | actor
    assert rows(made("activity", records(statement)), "member") == [(member,)]


def test_a_group_is_no_person() -> None:
    shaped = made("activity", records(SEEN, SEEN | {"id": "s2", "actor.objectType": "Group"}))
    assert rows(shaped, "_row") == [(1,)]
    assert [(reject.row, reject.column, reject.reason) for reject in shaped.rejects] == [
        (2, "member", "the actor is a group, no person")
    ]


@pytest.mark.fault("S7")
@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("PT0S", "0"),
        ("P1DT1M", "1441"),
        ("PT5.5S", "0.0916666667"),
        ("P1M", "P1M"),
        ("P1Y", "P1Y"),
        ("P1M1DT1M", "P1M1DT1M"),
        ("P2D", "2880"),
        ("-PT5M", "-PT5M"),
        ("5 min", "5 min"),
        ("", ""),
    ],
)
def test_durations(duration: str, minutes: str) -> None:
    """What is no number of minutes stays as it is written, for the contract to reject."""
    assert rows(made("activity", records(SEEN | {"result.duration": duration})), "minutes") == [(minutes,)]


def test_without_a_time_of_its_own_a_statement_has_that_of_its_arrival() -> None:
    stored = SEEN | {"timestamp": "", "stored": "2024-03-06T00:00:00Z"}
    assert rows(made("activity", records(stored)), "occurred_at") == [("2024-03-06T00:00:00Z",)]


STATEMENT = {
    "id": "s1",
    "actor": {"mbox": "mailto:a@x.org"},
    "verb": {"id": VERBS + "passed"},
    "object": {"id": "https://x.org/c", "definition": {"type": TYPES + "course", "name": {"ko": "수학"}}},
    "timestamp": "2024-03-05T01:02:03.000Z",
    "result": {"score": {"scaled": 0.5}, "duration": "PT1M"},
}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(STATEMENT) + "\n" + json.dumps(STATEMENT | {"id": "s2"}),
        json.dumps([STATEMENT, STATEMENT | {"id": "s2"}]),
        json.dumps({"statements": [STATEMENT, STATEMENT | {"id": "s2"}], "more": ""}),
    ],
    ids=["lines", "list", "answer of a server"],
)
def test_statements_as_json(text: str) -> None:
    shaped = made("completions", read_json(text.encode()))
    assert rows(shaped, "member", "course", "completed_at", "score", "_fact") == [
        ("a@x.org", "수학", "2024-03-05T01:02:03.000Z", "50", "s1"),
        ("a@x.org", "수학", "2024-03-05T01:02:03.000Z", "50", "s2"),
    ]
