from __future__ import annotations

import json

import pytest

from fellowship_pipeline.intake.readers.records import LONGEST_RECORD, Quarantined, Records, Reject
from fellowship_pipeline.intake.readers.structured import read_json


def table(records: Records) -> dict[str, list[str]]:
    return {name: column.to_pylist() for name, column in zip(records.header, records.columns, strict=True)}


def test_a_list_of_objects() -> None:
    records = read_json(b'[{"a": "x", "b": 1},\n\n {"b": null, "c": true}]')
    assert table(records) == {"a": ["x", ""], "b": ["1", ""], "c": ["", "true"]}
    assert (records.count, records.rows.to_pylist(), records.lines.to_pylist()) == (2, [1, 2], [1, 3])
    assert (records.encoding, records.rejects, records.doubts) == ("utf-8", (), ())


def test_an_object_with_one_list_of_objects() -> None:
    records = read_json(b'{"more": "", "tags": [1], "statements": [{"id": "x"}, {"id": "y"}], "n": {"of": 2}}')
    assert table(records) == {"id": ["x", "y"]}


def test_an_object_alone_is_one_record() -> None:
    assert table(read_json(b'{"id": "x", "tags": [1]}')) == {"id": ["x"], "tags": ["[1]"]}


def test_json_lines() -> None:
    records = read_json(b'{"a": 1}\r\n\n{"a": 2}\n')
    assert (table(records), records.lines.to_pylist(), records.count) == ({"a": ["1", "2"]}, [1, 3], 2)


def test_numbers_stay_as_they_are_written() -> None:
    """Also those that JSON does not know, for the rules to refuse."""
    written = ["1.50", "1e19", "12345678901234567890", "-0.0", "0.1000000000000000055", "NaN", "-Infinity"]
    text = "[" + ",".join(f'{{"n": {number}}}' for number in written) + "]"
    assert table(read_json(text.encode())) == {"n": written}


def test_what_is_nested_stands_under_names_with_dots_and_lists_stay_json() -> None:
    statement = (
        b'[{"actor": {"mbox": "mailto:k@x", "account": {"name": null}}, "l": [1.0, "\\u00e9", {"y": null}], "o": {}}]'
    )
    assert table(read_json(statement)) == {
        "actor.mbox": ["mailto:k@x"],
        "actor.account.name": [""],
        "l": ['[1.0, "é", {"y": null}]'],
    }


def test_lines_that_are_no_records_are_rejected_with_line_and_reason() -> None:
    lines = [
        '{"a": 1}',
        "oops",
        "[1]",
        '{"a": 2, "a": 3}',
        '{"a": {"b": 1, "b": 2}}',
        '{"a": [{"b": 1, "b": 2}]}',
        '{"a.b": 1, "a": {"b": 2}}',
        '{"a": "\\ud800"}',
        '{"a": "\\u0000"}',
        '{"a": 4} {"a": 5}',
        '{"a": 6}',
    ]
    records = read_json("\n".join(lines).encode())
    assert (table(records), records.count) == ({"a": ["1", "6"]}, 11)
    twice = "a key that stands twice in one object"
    assert records.rejects == tuple(
        Reject(line, "", lines[line - 1], reason, line)
        for line, reason in [
            (2, "no JSON from column 1 on (Expecting value)"),
            (3, "not an object"),
            (4, twice),
            (5, twice),
            (6, twice),
            (7, "two values under 'a.b'"),
            (8, "half of a surrogate pair"),
            (9, "a NUL character"),
            (10, "no JSON from column 10 on (Extra data)"),
        ]
    )


def test_elements_that_are_no_objects_are_rejected() -> None:
    records = read_json(b'[{"a": 1},\n2,\n{"a": 3}]')
    assert records.rejects == (Reject(2, "", "2", "not an object", 2),)
    assert (table(records), records.rows.to_pylist()) == ({"a": ["1", "3"]}, [1, 3])


@pytest.mark.fault("A2")
@pytest.mark.parametrize(
    ("cut", "where"),
    [
        (b'[{"a": 1},\n {"a": "x', "line 2, column 8"),
        (b'[{"a": 1},\n {"a": 2}', "line 2, column 10"),
        (b'{"a": [{"b": 1},\n', "line 2, column 1"),
        (b'[{"a": 1}]\n]', "line 2, column 1"),
        (b'{"a": 1', "line 1, column 8"),
        (b'{"a": [{"b": 1}], "a": 1, "a": 2}', "line 1, column 30"),
        (b'{"a": 1,}', "line 1, column 9"),
    ],
)
def test_json_that_is_cut_off_or_broken_is_refused_with_its_position(cut: bytes, where: str) -> None:
    with pytest.raises(Quarantined, match=rf"^{where}: no JSON, or cut off"):
        read_json(cut)


@pytest.mark.fault("A2")
def test_json_lines_that_are_cut_off_are_held() -> None:
    records = read_json(b'{"a": 1}\n{"a": 2')
    assert records.doubts == ("line 2: the last record is cut off",)
    assert [reject.line for reject in records.rejects] == [2]
    assert read_json(b'{"a": 1}\n{"a": 2\n').doubts == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[]", "no objects with values"),
        (b"[1, 2]", "no objects with values"),
        (b'{"a": [{"b": 1}], "c": [{"d": 1}]}', "several lists of objects \\(a, c\\)"),
        (b"[" * 100_000, "nested too deep"),
        (b'[{"a": "\xff"}]', "not utf-8"),
    ],
)
def test_refused(text: bytes, reason: str) -> None:
    with pytest.raises(Quarantined, match=reason):
        read_json(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_encodings(encoding: str) -> None:
    assert table(read_json('[{"이름": "김하늘 똠방각하"}]'.encode(encoding))) == {"이름": ["김하늘 똠방각하"]}


def test_brackets_inside_texts_do_not_mislead_the_second_count() -> None:
    values = ["[{,", '\\"]', "}],", "]", '"', "\\"]
    assert table(read_json(json.dumps([{"s": value, "l": [value]} for value in values]).encode()))["s"] == values


def test_columns_that_come_late_are_empty_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fellowship_pipeline.intake.readers.structured.BATCH", 2)
    lines = b'{"a": 1}\n{"a": 2}\n{"b": 3}\n{"a": 4, "b": 5}\n{"c": 6}'
    assert table(read_json(lines)) == {
        "a": ["1", "2", "", "4", ""],
        "b": ["", "", "3", "5", ""],
        "c": ["", "", "", "", "6"],
    }


@pytest.mark.fault("A19", "B26")
@pytest.mark.parametrize(
    "form", ['{{"a": 1}}\n{{"a": "{0}"}}', '[{{"a": 1}},\n{{"a": "{0}"}}]', '{{"a": 1}}\n{{"a": "{0}']
)
@pytest.mark.parametrize("length", [LONGEST_RECORD + 1, 33 << 20])
def test_a_record_of_more_than_a_megabyte_is_refused_also_as_the_last(form: str, length: int) -> None:
    with pytest.raises(Quarantined, match=r"^line 2: a record of more than 1 MB"):
        read_json(form.format("x" * length).encode())
