"""Small files, mutated at every byte, through reading and staging: no row may be staged that the bytes do not say.

What the bytes say is read a second time by other means (``csv``, ``openpyxl``, ``json``). A file may give the same
rows, be held or quarantined, have records rejected, or have a value changed within its cell, which no reader could tell
from a file that was always so. Anything else is silent, and a failure, as is a crash.

``python benchmarks/fuzz_intake.py [COUNT] [SEED]``.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import random
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import openpyxl
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming
from fellowship_pipeline.intake.layouts.mapping import MappedLayout
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.records import Quarantined
from fellowship_pipeline.intake.reading.outcomes import Outcome
from fellowship_pipeline.intake.reading.raw_tables import RawTables
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import parse_program

BATCH = 500
SHOWN = 20
PROGRAM = """
program: {id: fuzz}
timezone: Asia/Seoul
sources:
  activity: [{files: landing/*, columns: {member: Learner, occurred_at: When, course: Course, xp: Points}}]
"""
HEADER = ("Learner", "When", "Course", "Points")
ROWS = (
    ("kim@example.org", "2022-01-03T09:00:00Z", "Intro to R", "10"),
    ("이영희", "2022-01-04", "데이터, 과학 입문", "250"),
    ("박준", "2022-01-04T10:30:00+09:00", 'Say "SQL"', "5"),
    ("lee", "2022-02-01 08:15", "두 줄\n과목", "1200"),
    ("choi;2", "2022-02-02T00:00:00.5Z", "Python; basics", "0"),
)
INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d(?:\.\d{1,6})?))? ?(Z|[+-]\d\d:\d\d)?)?")
INVISIBLE = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060\ufeff"
PARTS = ",;|"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")

SAME, HELD, QUARANTINED, REJECTED = "same rows", "held", "quarantined", "records rejected"
CHANGED, REPEATED = "value changed in its cell", "records cut off or repeated whole"
SILENT, CRASHED = "SILENT", "crashed"
OUTCOMES = (SAME, HELD, QUARANTINED, REJECTED, CHANGED, REPEATED, SILENT, CRASHED)
FAILURES = (SILENT, CRASHED)

Row = tuple[str, datetime, str | None, Decimal | None]
Cells = list[list[str]]


class Unreadable(Exception):
    """The other means cannot read the bytes, or only by being lenient: ``cells`` are what it reads then."""

    def __init__(self, cells: Cells | None = None) -> None:
        super().__init__()
        self.cells = cells or []


@dataclass(frozen=True)
class Format:
    """A way to write rows, and one to read them that shares no code with the intake."""

    name: str
    write: Callable[[Sequence[Sequence[str]]], bytes]
    read: Callable[[bytes], Cells]


@dataclass(frozen=True)
class Trial:
    """A file to be taken in: what was done to it, and the rows it had before, if any."""

    form: Format
    deed: str
    data: bytes
    before: Cells | None


def _as_csv(encoding: str, delimiter: str = ",", quoting: Literal[0, 1] = 0, end: str = "\n") -> Format:
    def write(rows: Sequence[Sequence[str]]) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
        return out.getvalue().encode(encoding)

    def cells(text: str, strict: bool) -> Cells:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        return [row for row in rows if "".join(row).strip(INVISIBLE + PARTS)]

    def read(data: bytes) -> Cells:
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
            return cells(text, strict=True)
        except UnicodeDecodeError as error:
            raise Unreadable from error
        except csv.Error:
            raise Unreadable(cells(text, strict=False)) from None

    return Format(f"{encoding} {delimiter!r}", write, read)


def _as_gzip(inner: Format) -> Format:
    def read(data: bytes) -> Cells:
        try:
            return inner.read(gzip.decompress(data))
        except (OSError, EOFError, zlib.error) as error:
            raise Unreadable from error

    return Format(f"gzip of {inner.name}", lambda rows: gzip.compress(inner.write(rows), mtime=0), read)


def _as_xlsx() -> Format:
    def write(rows: Sequence[Sequence[str]]) -> bytes:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def read(data: bytes) -> Cells:
        try:
            sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
            rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        except Exception as error:  # openpyxl raises whatever its parsers do
            raise Unreadable from error
        return [row for row in rows if any(map(str.strip, row))]

    return Format("xlsx", write, read)


def _as_json_lines() -> Format:
    def write(rows: Sequence[Sequence[str]]) -> bytes:
        lines = [json.dumps(dict(zip(rows[0], row, strict=True)), ensure_ascii=False) for row in rows[1:]]
        return ("\n".join(lines) + "\n").encode()

    def read(data: bytes) -> Cells:
        records, whole = [], True
        for line in data.split(b"\n"):
            try:
                records += [json.loads(line.decode("utf-8-sig"))] if line.strip() else []
            except ValueError:
                whole = False
        objects = [record for record in records if isinstance(record, dict)]
        names = list(dict.fromkeys(name for record in objects for name in record))
        cells = [names, *([str(record.get(name, "")) for name in names] for record in objects)]
        if not whole or len(objects) < len(records):
            raise Unreadable(cells)
        return cells

    return Format("json lines", write, read)


FORMATS = (
    _as_csv("utf-8"),
    _as_csv("utf-8-sig", quoting=csv.QUOTE_ALL, end="\r\n"),
    _as_csv("utf-16", "\t"),
    _as_csv("cp949"),
    _as_xlsx(),
    _as_json_lines(),
    _as_gzip(_as_csv("utf-8", ";")),
)


QUOTING: tuple[Literal[0, 1], ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
TEXTS = "made-up texts"
KINDS = (*(form.name for form in FORMATS), TEXTS)


def mutations(data: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Endless ways to damage the data, round by round: each damages it at every byte, in another way than the last."""
    for turn in itertools.count():
        for at in chance.sample(range(len(data)), len(data)):
            way = (at + turn) % 5
            bit, octet, length = 1 << chance.randrange(8), chance.randrange(256), chance.randint(1, len(data) // 3)
            if way == 0:
                yield f"byte {at} deleted", data[:at] + data[at + 1 :]
            elif way == 1:
                yield f"bit {bit} of byte {at} flipped", data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
            elif way == 2:
                octet = chance.choice([octet, *b'",;\n\r\t\\'])
                yield f"byte {octet} inserted at {at}", data[:at] + bytes([octet]) + data[at:]
            elif way == 3:
                yield f"{length} bytes at {at} doubled", data[: at + length] + data[at:]
            else:
                yield f"cut off at {at}", data[:at]


def texts(chance: random.Random) -> Iterator[Trial]:
    """Endless texts of rows in whatever way a CSV may be written, some of them wrongly."""
    noise = ['"', '""', *",;|\t\n\r\\ é가#\ufeff\u00a0", "\r\n", '\\"', "Total\n", ",,,\n"]
    while True:
        encoding, delimiter = chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp949"]), chance.choice("\t" + PARTS)
        quoting, end = chance.choice(QUOTING), chance.choice(["\n", "\r\n", "\r"])
        rows = [HEADER, *(chance.choice(ROWS) for _ in range(chance.randint(1, 6)))]
        text = _as_csv("utf-8", delimiter, quoting, end).write(rows).decode()
        for _ in range(chance.randint(0, 3)):
            at = chance.randint(0, len(text))
            text = text[:at] + chance.choice(noise) + text[at:]
        yield Trial(_as_csv(encoding, delimiter), repr(text), text.encode(encoding, "ignore"), None)


def trials(kind: str, seed: int) -> Iterator[Trial]:
    """Endless files of a kind: a format's, mutated, or made-up texts."""
    chance = random.Random(f"{kind} {seed}")
    if kind == TEXTS:
        yield from texts(chance)
    form = next(form for form in FORMATS if form.name == kind)
    before = [list(row) for row in (HEADER, *ROWS)]
    for deed, data in mutations(form.write(before), chance):
        yield Trial(form, deed, data, before)


def outcomes(batch: Sequence[Trial]) -> list[str]:
    """What became of each file, all of them staged together: the column ``kind`` keeps them apart."""
    program = parse_program(PROGRAM)
    entry, source = program.sources["activity"][0], SOURCE_BY_NAME["activity"]
    layout = MappedLayout(EntryFiles(source, entry, program.timezone, (), lambda file: read_file(b"", entry)))
    with warehouse.connect(None) as con:
        tables = RawTables(con)
        for number, trial in enumerate(batch):
            name = str(number)
            file = Incoming(name, (f"landing/{name}",), len(trial.data), datetime.now(UTC))
            outcome = Outcome(file, name, "loaded")
            try:
                records = read_file(trial.data, entry)
                shaped = layout.shape(file, records)
            except Quarantined as refusal:
                outcome = replace(outcome, status=QUARANTINED, reason=str(refusal))
            except Exception as crash:  # noqa: BLE001 - what a reader lets through would stop a run
                outcome = replace(outcome, status=CRASHED, reason=repr(crash))
            else:
                if records.doubts:
                    outcome = replace(outcome, status=HELD, reason=records.doubts[0])
                elif shaped.rows is not None:
                    rows = shaped.rows.append_column("kind", pa.array([name] * shaped.rows.num_rows))
                    ignored, rejects = records.ignored + shaped.ignored, (*records.rejects, *shaped.rejects)
                    outcome = replace(outcome, count=records.count, ignored=ignored, rejects=rejects, rows=rows)
            tables.add("activity", 0, program.timezone, outcome)
        tables.finish()
        stage(con, program)
        staged: dict[str, Counter[Row]] = {str(number): Counter() for number, _ in enumerate(batch)}
        query = "select kind, member, occurred_at, course, xp from staging.activity"
        for name, *row in con.execute(query).fetchall():
            staged[name][tuple(row)] += 1
        files = con.sql("select * from raw.files").to_arrow_table().to_pylist()
    return [_outcome(batch[int(file["file_id"])], file, staged[file["file_id"]]) for file in files]


def _outcome(trial: Trial, file: dict[str, Any], staged: Counter[Row]) -> str:
    if file["status"] != "loaded":
        return str(file["status"])
    before = None if trial.before is None else typed(trial.before)
    says = None
    try:
        told = says = typed(trial.form.read(trial.data))
    except Unreadable as refusal:
        told = typed(refusal.cells) or before or []
    balanced = file["rows"] == file["staged"] + file["rejected"] + file["ignored"] and staged.total() == file["staged"]
    if staged - Counter(filter(None, told)) or not balanced:
        return SILENT
    if file["rejected"]:
        return REJECTED
    if staged == Counter(says if before is None else before):
        return SAME
    if says is None or staged != Counter(says) or before is None:
        return SILENT
    return CHANGED if len(says) == len(before) else REPEATED


def typed(cells: Cells) -> list[Row | None]:
    """The rows as staging has them, by the words of the specification; None for a record that it has to reject."""
    if not cells:
        return []
    names = [" ".join(name.split()).casefold() for name in cells[0]]
    places = [names.index(name.casefold()) if name.casefold() in names else len(names) for name in HEADER]
    return [
        _row([[*record, ""][at].strip(INVISIBLE) for at in places]) if len(record) == len(names) else None
        for record in cells[1:]
    ]


def _row(texts: Sequence[str]) -> Row | None:
    member, when, course, points = texts
    instant = _instant(when)
    if not member or instant is None or not NUMBER.fullmatch(points or "0"):
        return None
    return member, instant, course or None, Decimal(points) if points else None


def _instant(text: str) -> datetime | None:
    parts = INSTANT.fullmatch(text)
    if parts is None:
        return None
    day, minutes, seconds, zone = parts.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{minutes or '00:00'}:00{(zone or '+09:00').replace('Z', '+00:00')}")
        return (local + timedelta(seconds=float(seconds or 0))).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def survey(kind: str, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What became of so many files of a kind, and what was done to those that failed."""
    found, failed = Counter[str](), []
    files = itertools.islice(trials(kind, seed), count)
    while batch := list(itertools.islice(files, BATCH)):
        fates = outcomes(batch)
        found.update(fates)
        failed += [f"{fate}: {trial.deed}" for trial, fate in zip(batch, fates, strict=True) if fate in FAILURES]
    return found, failed


def main(count: int, seed: int) -> int:
    """Prints the outcomes by kind; 1 where any failed."""
    share = -(-count // len(KINDS))
    with ProcessPoolExecutor(2) as pool:
        surveys = list(pool.map(survey, KINDS, itertools.repeat(share), itertools.repeat(seed)))
    return report(dict(zip(KINDS, surveys, strict=True)), seed)


def report(surveys: Mapping[str, tuple[Counter[str], list[str]]], seed: int) -> int:
    """Prints what each kind came to, and what was done to those that failed; 1 where any did."""
    total = sum((found for found, _ in surveys.values()), Counter[str]())
    table = Table("files", *OUTCOMES, "all", title=f"{total.total():,} files, seed {seed}")
    for kind, found in [*((kind, found) for kind, (found, _) in surveys.items()), ("all", total)]:
        table.add_row(kind, *(f"{found[outcome]:,}" for outcome in OUTCOMES), f"{found.total():,}")
    Console(width=160).print(table)
    for kind, (_, failed) in surveys.items():
        for deed in failed[:SHOWN]:
            print(f"{kind}: {deed}")
    failures = sum(total[failure] for failure in FAILURES)
    print(f"figure: fuzzed files: {total.total()}\nfigure: fuzzed files, silent or crashed: {failures}")
    return 1 if failures else 0


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*arguments, *(48_000, 1)[len(arguments) :]))
