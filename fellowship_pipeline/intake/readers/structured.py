"""JSON (a list of objects, or an object with one) and JSON lines, read as text: every value exactly as it is written.

Belongs here: objects → columns, what is nested under names joined by dots. Does not belong here: what a column means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fellowship_pipeline.intake.readers.decoding import decode
from fellowship_pipeline.intake.readers.records import (
    LONGEST_RECORD,
    Quarantined,
    Records,
    Reject,
    check_header,
    size_doubts,
)

BATCH = 4_000
_SPACE = re.compile(r"[ \t\r\n]*")
_FILLED_LINE = re.compile(rb"^[ \t\r]*[^ \t\r\n]", re.MULTILINE)
_LIST_OF_OBJECTS = re.compile(r"\[[ \t\r\n]*\{")
_BETWEEN_MARKS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^][{},"]+')


class _Number(str):
    """A number as it is written, NaN and Infinity included, for the rules to refuse."""

    __slots__ = ()


class _Repeating(dict[str, Any]):
    """An object in which a key stands twice."""


class _Unfit(Exception):
    """The record is no row; the message says why."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeating(made)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_Number, parse_int=_Number, parse_constant=_Number, strict=True
)


def read_json(data: bytes, *, encoding: str | None = None) -> Records:
    """The records of JSON or JSON lines; raises Quarantined, with the position, where it is cut off or no JSON."""
    octets, name, doubts = decode(data, encoding)
    text = octets.decode()
    table = _Table()
    try:
        if _is_lines(text):
            counted = len(_FILLED_LINE.findall(octets))
            doubts += _read_lines(text, table)
        else:
            counted = _Document(text).read(table)
    except json.JSONDecodeError as error:
        raise Quarantined(f"line {error.lineno}, column {error.colno}: no JSON, or cut off ({error.msg})") from None
    except RecursionError:
        raise Quarantined("JSON that is nested too deep") from None
    if counted != table.count:
        raise Quarantined(f"two counts of its records differ ({table.count:,} and {counted:,})")
    return table.records(name, doubts)


class _Table:
    """Collects records; columns stand in the order in which their names first come."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.waiting: list[dict[str, str]] = []
        self.parts: list[pa.Table] = []
        self.numbers: list[int] = []
        self.lines: list[int] = []
        self.rejects: list[Reject] = []
        self.count = 0

    def add(self, value: object, line: int, written: str) -> None:
        """The value as a record, or as a reject where it is none; ``written`` is its text."""
        try:
            cells = _flat(value)
        except _Unfit as unfit:
            self.reject(str(unfit), line, written)
            return
        self._take(line, written)
        self.names.update(dict.fromkeys(cells))
        self.waiting.append(cells)
        self.numbers.append(self.count)
        self.lines.append(line)
        if len(self.waiting) == BATCH:
            self._pack()

    def reject(self, reason: str, line: int, written: str) -> None:
        """A record that is kept out."""
        self._take(line, written)
        self.rejects.append(Reject(self.count, "", written, reason, line))

    def records(self, encoding: str, doubts: list[str]) -> Records:
        """All that was added."""
        if not self.names:
            raise Quarantined("no objects with values in this JSON: expected one for each record")
        self._pack()
        filled = pa.concat_tables(self.parts, promote_options="default")
        return Records(
            tuple(self.names),
            tuple(pc.fill_null(filled.column(name), "") for name in self.names),
            pa.array(self.numbers, pa.int64()),
            pa.array(self.lines, pa.int64()),
            self.count,
            encoding,
            tuple(self.rejects),
            (*doubts, *size_doubts(self.count, 0)),
        )

    def _take(self, line: int, written: str) -> None:
        if len(written) > LONGEST_RECORD:
            raise Quarantined(f"line {line}: a record of more than {LONGEST_RECORD >> 20} MB")
        self.count += 1

    def _pack(self) -> None:
        check_header([*self.names])
        columns = {name: pa.array([cells.get(name, "") for cells in self.waiting], pa.string()) for name in self.names}
        self.parts.append(pa.table(columns))
        self.waiting = []


def _is_lines(text: str) -> bool:
    """Whether the first line is an object by itself and something follows it."""
    first, _, rest = text.lstrip(" \t\r\n").partition("\n")
    try:
        value, end = _DECODER.raw_decode(first)
    except json.JSONDecodeError:
        return False
    return isinstance(value, dict) and not first[end:].strip() and bool(rest.strip())


def _read_lines(text: str, table: _Table) -> list[str]:
    """A record per line; a doubt where the last is cut off."""
    broken = 0
    lines = text.split("\n")
    for line, padded in enumerate(lines, start=1):
        if written := padded.strip(" \t\r"):
            try:
                value = _DECODER.decode(written)
            except json.JSONDecodeError as error:
                table.reject(f"no JSON from column {error.colno} on ({error.msg})", line, written)
                broken = line
            else:
                table.add(value, line, written)
    return [f"line {broken}: the last record is cut off"] if broken == len(lines) else []


class _Document:
    """One JSON text, read element by element."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line, self.line_at = 1, 0

    def read(self, table: _Table) -> int:
        """Its objects into the table; returns how many an independent count finds."""
        counted = self.fill(table) if self.peek() == "[" else self._member(table)
        if self.peek():
            raise json.JSONDecodeError("something after its end", self.text, self.at)
        return counted

    def peek(self) -> str:
        """The next character that is no space; '' at the end."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        self.peek()
        value, self.at = _DECODER.raw_decode(self.text, self.at)
        return value

    def inside(self, close: str) -> Iterator[None]:
        """Once for each part of the list or object that begins here, each time where a part begins."""
        self.at += 1
        if self.peek() == close:
            self.at += 1
            return
        while True:
            self.peek()
            yield
            mark = self.peek()
            if mark not in (",", close):
                raise json.JSONDecodeError(f"expected ',' or '{close}'", self.text, self.at)
            self.at += 1
            if mark == close:
                return

    def fill(self, table: _Table) -> int:
        """The elements of the list that begins here into the table; returns an independent count of them."""
        begin = self.at
        for _ in self.inside("]"):
            start = self.at
            value = self.value()
            self.line += self.text.count("\n", self.line_at, start)
            self.line_at = start
            table.add(value, self.line, self.text[start : self.at])
        return _elements(self.text[begin : self.at])

    def _member(self, table: _Table) -> int:
        """The one list of objects in the object that begins here; the object itself where there is none."""
        begin, counted = self.at, 0
        lists, others = [], {}
        for _ in self.inside("}"):
            key = self.value()
            if type(key) is not str or self.peek() != ":" or key in others:
                raise json.JSONDecodeError("expected a key, once, and ':'", self.text, self.at)
            self.at += 1
            if self.peek() == "[" and _LIST_OF_OBJECTS.match(self.text, self.at):
                lists.append(key)
                counted = self.fill(table)
            else:
                others[key] = self.value()
        if len(lists) > 1:
            raise Quarantined(f"several lists of objects ({', '.join(lists)}): deliver them one by one")
        if not lists:
            table.add(others, 1, self.text[begin : self.at])
        return counted if lists else 1


def _elements(text: str) -> int:
    """The elements of a list by its brackets and commas alone."""
    if not text[1:-1].strip():
        return 0
    marks = np.frombuffer(_BETWEEN_MARKS.sub("", text).encode(), np.uint8)
    depth = np.cumsum(np.isin(marks, list(b"[{")).astype(np.int8) - np.isin(marks, list(b"]}")), dtype=np.int32)
    return int(np.count_nonzero((marks == ord(",")) & (depth == 1))) + 1


def _flat(value: object) -> dict[str, str]:
    """An object's values as text by their names; raises _Unfit where it is no object, or not clear."""
    if not isinstance(value, dict):
        raise _Unfit("not an object")
    cells: dict[str, str] = {}
    for name, inner in _leaves(value, ""):
        if name in cells:
            raise _Unfit(f"two values under '{name}'")
        cells[name] = "" if inner is None else inner if isinstance(inner, str) else _json(inner)
    joined = "".join((*cells, *cells.values()))
    if "\0" in joined:
        raise _Unfit("a NUL character")
    try:
        joined.encode()
    except UnicodeEncodeError:
        raise _Unfit("half of a surrogate pair") from None
    return cells


def _leaves(value: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, _Repeating):
        raise _Unfit("a key that stands twice in one object")
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _leaves(inner, f"{prefix}{key}.")
        else:
            yield prefix + key, inner


def _json(value: object) -> str:
    """JSON text with numbers as they were written."""
    match value:
        case _Number():
            return str(value)
        case _Repeating():
            raise _Unfit("a key that stands twice in one object")
        case list():
            return "[" + ", ".join(map(_json, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{_json(key)}: {_json(inner)}" for key, inner in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
