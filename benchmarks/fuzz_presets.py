"""Small files of the platforms' layouts, mutated at every byte, from reading to staging: none may crash or be silent.

A file of each layout is damaged as ``fuzz_intake`` does it and takes the way of a run, its reader in this process. It
is silent where its records are not all staged, rejected, ignored or superseded, where it has fewer of them than other
means count in the bytes, or where what is staged does not stand there: names, titles, answers and courses as text,
instants and lengths of time in forms of their own, all of one row in one record. The bytes are read a second time by
``csv``, ``openpyxl`` and, of a calendar, ``dateutil``. Where these cannot, the file as it was before has to say it.

``python benchmarks/fuzz_presets.py [COUNT] [SEED]``.
"""

from __future__ import annotations

import csv
import io
import itertools
import random
import re
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import yaml
from dateutil.rrule import rrulestr

ROOT = Path(__file__).parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from benchmarks.fuzz_intake import (  # noqa: E402
    CHANGED,
    CRASHED,
    FAILURES,
    INVISIBLE,
    PARTS,
    QUARANTINED,
    REJECTED,
    REPEATED,
    SAME,
    SILENT,
    mutations,
    report,
)
from fellowship_pipeline import warehouse  # noqa: E402
from fellowship_pipeline.contracts import SOURCE_BY_NAME  # noqa: E402
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming  # noqa: E402
from fellowship_pipeline.intake.presets import preset  # noqa: E402
from fellowship_pipeline.intake.readers.formats import read_file  # noqa: E402
from fellowship_pipeline.intake.readers.records import Quarantined  # noqa: E402
from fellowship_pipeline.intake.reading.entries import layout_of  # noqa: E402
from fellowship_pipeline.intake.reading.files import outcome_of  # noqa: E402
from fellowship_pipeline.intake.reading.fitness import judged  # noqa: E402
from fellowship_pipeline.intake.reading.outcomes import Outcome  # noqa: E402
from fellowship_pipeline.intake.reading.raw_tables import RawTables  # noqa: E402
from fellowship_pipeline.intake.rules import install  # noqa: E402
from fellowship_pipeline.intake.staging import stage  # noqa: E402
from fellowship_pipeline.intake.staging.cumulative import to_activity  # noqa: E402
from fellowship_pipeline.program import parse_program  # noqa: E402
from fellowship_pipeline.program.rows import survey_questions  # noqa: E402
from tests.intake.presets import test_canvas_gradebook as canvas  # noqa: E402
from tests.intake.presets import test_github_classroom as classroom  # noqa: E402
from tests.intake.presets import test_google_meet as meet  # noqa: E402
from tests.intake.presets import test_icalendar as ics  # noqa: E402
from tests.intake.presets import test_kobotoolbox as kobo  # noqa: E402
from tests.intake.presets import test_limesurvey as limesurvey  # noqa: E402
from tests.intake.presets import test_microsoft_forms as microsoft  # noqa: E402
from tests.intake.presets import test_moodle as moodle  # noqa: E402
from tests.intake.presets import test_qualtrics as qualtrics  # noqa: E402
from tests.intake.presets import test_surveymonkey as surveymonkey  # noqa: E402
from tests.intake.presets import test_udemy_business as udemy  # noqa: E402
from tests.intake.presets import test_webex as webex  # noqa: E402

BATCH = 250
COUNT = 12_000
ZONE = "Asia/Seoul"
DAY = date(2025, 3, 3)
"""The day in the path of every file."""
APART = "\u241e"
"""Between what a file says and its number, which keeps the files of a batch from replacing each other's rows."""
KEYS = {"survey_responses": "survey", "sessions": "session", "attendance": "session"}
"""The column that is given the number; of other sources it is ``member``."""
TEXTS = ("member", "session", "title", "host", "answer", "course", "value", "name", "item", "kind")
INSTANTS = ("submitted_at", "starts_at", "joined_at", "left_at", "completed_at", "started_at", "occurred_at")
LENGTHS = "minutes"
UNITS = {"d": 1440.0, "h": 60.0, "m": 1.0, "s": 1 / 60}
NUMBERED = re.compile(r"(\d+(?:\.\d+)?)\s*([dhms])", re.IGNORECASE)
CLOCK = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")
FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%y, %H:%M:%S",
    "%m/%d/%y, %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M:%S %p",
)
TIMES = ("%I:%M %p", "%H:%M", "%I:%M:%S %p", "%H:%M:%S")

Record = Sequence[str]


@dataclass(frozen=True)
class Kind:
    """A layout: the entry that reads it, and a small file. ``given`` is what the entry says and no file has to.

    ``joins``: a row may be made of several records. ``lengths``: minutes are what a cell says, and not reckoned.
    """

    name: str
    source: str
    entry: dict[str, Any]
    data: bytes
    zone: str = ZONE
    delimiter: str = ","
    given: frozenset[Any] = frozenset()
    joins: bool = False
    lengths: bool = False
    ending: str = "csv"
    part: str = ""

    @property
    def whole(self) -> bytes:
        """The file as it is before anything is done to it."""
        return self.packed(self.data)

    def packed(self, data: bytes) -> bytes:
        """The file with that in it: of a workbook ``data`` may be one of its parts."""
        return _repacked(microsoft.FILE, self.part, data) if self.part else data

    @property
    def key(self) -> str:
        """The column of the source that is given the number of the file."""
        return KEYS.get(self.source, "member")


SHEET = "xl/worksheets/sheet1.xml"
CALENDAR = {"preset": "icalendar", "files": "landing/*", "timezone": "America/Denver"}
CLOSE = {"values": {"completed_at": "2025-06-30"}}
CLOSED = frozenset({datetime(2025, 6, 29, 15)})
PIVOT = (
    "Email address,Quiz 1,Done on,Quiz 2,Done on\n"
    "b@x.org,Completed,2025-03-03 16:05:00,Completed,2025-03-07 09:15:00\n"
    "d@x.org,Not completed,,Completed,2025-03-08 10:00:00\ne@x.org,,,,\n"
)
SPENT = (
    "Who,When,Course,Spent\nb@x.org,2025-03-03 16:05:00,SQL,1:30:00\nd@x.org,2025-03-03 17:00:00,SQL,1 hr 5 min\n"
    "e@x.org,2025-03-04 09:00:00,Python,PT1H5M30S\nf@x.org,2025-03-04 10:00:00,Python,63 mins\n"
)


def _repacked(workbook: bytes, name: str, part: bytes) -> bytes:
    """The workbook with that in place of one of its parts, which a change of the packed bytes hardly ever reaches."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            new.writestr(one, part if one == name else old.read(one))
    return out.getvalue()


def _sheet_of(workbook: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(SHEET)


def _asked(name: str, **more: Any) -> dict[str, Any]:
    return {"preset": name, "files": "landing/*", **more}


def _survey(entry: dict[str, Any], text: str, name: str = "", **more: Any) -> Kind:
    return Kind(name or entry["preset"], "survey_responses", {"files": "landing/*", **entry}, text.encode(), **more)


KINDS = (
    _survey(qualtrics.ENTRY, qualtrics.FILE),
    _survey(limesurvey.ENTRY, limesurvey.FILE, delimiter=";"),
    Kind("microsoft_forms workbook", "survey_responses", microsoft.ENTRY, microsoft.FILE, ending="xlsx"),
    Kind("microsoft_forms sheet", "survey_responses", microsoft.ENTRY, _sheet_of(microsoft.FILE), ending="xlsx",
         part=SHEET),
    _survey(microsoft.ENTRY | {"datetime_format": "%Y-%m-%d %H:%M:%S"}, microsoft.CSV
            + "1,2025-03-01 09:00:00,2025-03-01 09:05:01,bora@x.org,Ahn Bora,\"Talks, in person;People;\",5\n"
            + "2,2025-03-01 09:00:00,2025-03-01 09:06:00,anonymous,,,4\n", "microsoft_forms saved"),
    _survey(kobo.ENTRY, kobo.FILE, delimiter=";", zone="UTC"),
    _survey(surveymonkey.ENTRY, surveymonkey.FILE),
    Kind("google_meet", "attendance", _asked("google_meet", values={"session": "circle"}),
         (meet.HEADER + meet.PEOPLE).encode(), lengths=True, given=frozenset({"circle"})),
    Kind("webex attendance", "attendance", _asked("webex"), webex.report(*webex.CAME_BACK, webex.HOST, webex.GUEST),
         delimiter="\t", joins=True),
    Kind("webex sessions", "sessions", _asked("webex"), webex.report(webex.HOST, webex.GUEST),
         delimiter="\t", joins=True),
    Kind("canvas roster", "roster", _asked("canvas_gradebook", values={"cohort": "spring"}), canvas.BOOK.encode()),
    Kind("canvas completions", "completions", _asked("canvas_gradebook", **CLOSE), canvas.BOOK.encode(), given=CLOSED),
    Kind("moodle log", "activity", _asked("moodle"), (moodle.LOG + moodle.EVENTS).encode()),
    Kind("moodle completion", "completions", _asked("moodle"), moodle.REPORT.encode()),
    Kind("moodle grades", "completions", _asked("moodle", **CLOSE), moodle.GRADES.encode(), given=CLOSED),
    Kind("classroom aliases", "aliases", _asked("github_classroom"), classroom.ROSTER.encode()),
    Kind("classroom roster", "roster", _asked("github_classroom", values={"cohort": "spring"}),
         classroom.ROSTER.encode()),
    Kind("udemy activity", "activity", _asked("udemy_business"), (udemy.HEADER + udemy.BEGUN + udemy.NEVER).encode(),
         zone="UTC"),
    Kind("udemy completions", "completions", _asked("udemy_business"), (udemy.HEADER + udemy.AGAIN).encode(),
         zone="UTC"),
    Kind("icalendar", "sessions", CALENDAR, ics.calendar(ics.WEEKLY, ics.MOVED).encode(), ending="ics"),
    Kind("unpivot", "completions", {"files": "landing/*", "columns": {"member": "Email address"}, "unpivot": {
        "columns": ["Quiz 1", "Quiz 2"], "header": "course", "beside": "completed_at"}}, PIVOT.encode()),
    Kind("lengths of time", "activity", {"files": "landing/*", "columns": {
        "member": "Who", "occurred_at": "When", "course": "Course", "minutes": "Spent"}}, SPENT.encode(), lengths=True),
)  # fmt: skip


class Unreadable(Exception):
    """The other means cannot read the bytes."""


@dataclass(frozen=True)
class Told:
    """What bytes say by other means: records, and starts by UID of a calendar. ``strict``: without any leniency."""

    records: list[Record]
    strict: bool = True
    starts: dict[str, set[datetime]] = field(default_factory=dict)
    titles: dict[str, set[str]] = field(default_factory=dict)


def told(kind: Kind, data: bytes) -> Told:
    """What the bytes of a file say; raises Unreadable."""
    if kind.ending == "xlsx":
        return Told(_sheet(data), strict=False)
    text = _text(data)
    if kind.ending == "ics":
        return _calendar(text)
    for strict in (True, False):
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=kind.delimiter, strict=strict))
        except csv.Error:
            continue
        return Told([row for row in rows if "".join(row).strip(INVISIBLE + PARTS)], strict)
    raise Unreadable


def _text(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable


def _sheet(data: bytes) -> list[Record]:
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts = list(ElementTree.fromstring(archive.read(SHEET)).itertext())
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise Unreadable from error
    if not rows:  # another namespace in the XML, which openpyxl takes for nothing
        raise Unreadable
    return [*rows, texts]  # of cells of an unknown type openpyxl says nothing


def _calendar(text: str) -> Told:
    """The events, unfolded line by line: when each UID takes place, and what it is called."""
    lines = re.split(r"\r?\n", re.sub(r"\r?\n[ \t]", "", text))
    starts: dict[str, set[datetime]] = defaultdict(set)
    gone: dict[str, set[datetime]] = defaultdict(set)
    titles: dict[str, set[str]] = defaultdict(set)
    event: dict[str, list[tuple[str, str]]] | None = None
    for line in lines:
        head, _, value = line.partition(":")
        name = "".join(head.partition(";")[0].split()).upper()
        if line.upper().startswith("BEGIN:VEVENT"):
            event = defaultdict(list)
        elif event is not None and line.upper().startswith("END:"):
            uid = next((text for _, text in event.get("UID", [])), "")
            titles[uid] |= {norm(_unescaped(title)) for _, title in event.get("SUMMARY", [("", "")])}
            begins = [moment for one in event.get("DTSTART", []) for moment in _moments(*one)]
            for moment, zone in begins:
                starts[uid] |= {_in_utc(one, zone) for one in _follow(moment, event)}
            gone[uid] |= {
                _in_utc(*moment)
                for one in (*event.get("EXDATE", []), *event.get("RECURRENCE-ID", []))
                for moment in _moments(*one)
                if begins and moment[0] != begins[0][0]
            }
            if not all(any(_moments(*one)) for one in event.get("EXDATE", [])):
                gone[uid] |= starts[uid]
            event = None
        elif event is not None:
            event.setdefault(name, []).append((head, value))
    placed: dict[str, set[datetime]] = defaultdict(set)
    called: dict[str, set[str]] = defaultdict(set)
    for uid, moments in starts.items():
        placed[_bare_uid(uid)] |= moments - gone[uid]
        called[_bare_uid(uid)] |= titles[uid]
    return Told([lines], starts=dict(placed), titles=dict(called))


def _bare_uid(uid: str) -> str:
    return " ".join(uid.translate(dict.fromkeys(map(ord, INVISIBLE.replace(" ", "")), " ")).split())


def _moments(head: str, value: str) -> Iterator[tuple[datetime, str]]:
    """Times as written, each with its zone."""
    parts = [part.upper().partition("=")[0] for part in head.split(";")[1:]]
    if len(set(parts)) < len(parts) or not {"TZID", "VALUE"}.issuperset(parts):
        return
    named = re.search(r"TZID=\"?([^;:\"]+)", head, re.IGNORECASE)
    for one in value.split(","):
        text = one.strip()
        zone = "UTC" if text.upper().endswith("Z") else named[1] if named else "America/Denver"
        for form in ("%Y%m%dT%H%M%S", "%Y%m%d"):
            try:
                yield datetime.strptime(text.upper().removesuffix("Z"), form), zone
            except ValueError:
                continue


def _follow(begins: datetime, event: dict[str, list[tuple[str, str]]]) -> list[datetime]:
    found = [begins]
    for _, rule in event.get("RRULE", []):
        try:
            found += itertools.islice(rrulestr(re.sub(r"(UNTIL=\w+)Z", r"\1", rule), dtstart=begins), 2000)
        except (ValueError, TypeError, OverflowError):
            continue
    return found


def _in_utc(moment: datetime, zone: str) -> datetime:
    try:
        return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    except (LookupError, ValueError, OSError, OverflowError):
        return datetime.max


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\,;nN])", lambda found: " " if found[1] in "nN" else found[1], text)


def norm(text: str) -> str:
    """Text as it is compared."""
    visible = text.translate(dict.fromkeys(map(ord, "\u200b\u2060\ufeff")))
    return " ".join(unicodedata.normalize("NFC", visible).split()).casefold()


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", norm(text)))


@dataclass(frozen=True)
class Witness:
    """Whether a file says what was staged of it."""

    kind: Kind
    told: Told

    def says(self, row: dict[str, Any]) -> bool:
        """Whether one record, or the file where several make a row, says all of the row."""
        if self.told.starts:
            return self._takes_place(row)
        everything = [cell for record in self.told.records for cell in record]
        records = [everything] if self.kind.joins or not self.told.strict else self.told.records
        return any(self._says(row, record, everything) for record in records)

    def _says(self, row: dict[str, Any], record: Record, everything: Record) -> bool:
        text, whole = norm(" ".join(record)), norm(" ".join(everything))
        for name, value in row.items():
            if value is None or value == "" or value in self.kind.given:
                continue
            if name in INSTANTS and value not in self._instants(record):
                return False
            if name == LENGTHS and self.kind.lengths and not any(_is_length(cell, float(value)) for cell in record):
                return False
            if name in TEXTS and not self._stands(name, norm(value), text, whole):
                return False
        return True

    def _stands(self, name: str, value: str, text: str, whole: str) -> bool:
        if name == "session":
            value = value.rpartition(" ")[0]
        if name == "kind" or value in text:
            return name != "kind" or self.kind.name != "moodle log" or value in text
        if name == "course":
            return value in whole
        return name == "answer" and any(_words(shown) <= _words(whole) for shown in self._shown(value))

    def _shown(self, stored: str) -> Iterator[str]:
        """What a file has in place of an answer that is one of the options declared."""
        for question in self.kind.entry.get("questions", {}).values():
            options = {value: shown for shown, value in question.get("options", {}).items()}
            for value, shown in (options | question.get("headers", {})).items():
                if norm(value) == stored:
                    yield shown

    def _instants(self, record: Record) -> set[datetime]:
        return {_in_utc(moment, zone) for cell in record for moment in _read(cell) for zone in self._zones()}

    def _zones(self) -> set[str]:
        found = {cell for record in self.told.records[:5] for cell in record if "timezone" in cell.casefold()}
        named = {zone for cell in found for zone in re.findall(r'timezone"+\s*:\s*"+([^"]+)"', cell, re.IGNORECASE)}
        known = {zone for zone in named if _in_utc(datetime(2025, 1, 1), zone) != datetime.max}
        return known or {self.kind.zone}

    def _takes_place(self, row: dict[str, Any]) -> bool:
        uid = _bare_uid(row["session"]).rpartition(" ")[0]
        title = norm(row["title"] or "")
        return row["starts_at"] in self.told.starts.get(uid, ()) and title in self.told.titles[uid]


def _read(cell: str) -> Iterator[datetime]:
    """The times that a cell may say, without a zone."""
    text = " ".join(cell.strip().removeprefix('="').removesuffix('"').split())
    try:
        moment = datetime.fromisoformat(text)
        yield moment if moment.tzinfo is None else moment.replace(tzinfo=None)
    except ValueError:
        pass
    for form in (*FORMS, *TIMES):
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        if form in TIMES:
            yield from (datetime.combine(DAY + timedelta(days=more), moment.time()) for more in (0, 1))
        else:
            yield moment


def _is_length(cell: str, minutes: float) -> bool:
    text = unicodedata.normalize("NFKC", cell)
    lengths = [sum(float(number) * UNITS[unit.lower()] for number, unit in NUMBERED.findall(text))]
    lengths += [int(h) * 60 + int(m) + float(s) / 60 for h, m, s in CLOCK.findall(text)]
    lengths += [float(text)] if re.fullmatch(r"\s*[+-]?\d+(\.\d+)?\s*", text) else []
    return any(abs(length - minutes) < 1e-6 * max(1, minutes) for length in lengths)


@dataclass(frozen=True)
class Taken:
    """What became of a file: its facts in ``raw.files``, its rows in staging."""

    file: dict[str, Any]
    rows: list[dict[str, Any]]


def take(kind: Kind, contents: Sequence[bytes]) -> list[Taken]:
    """Takes each file in alone, and stages all together."""
    settings = {"program": {"id": "fuzz"}, "timezone": ZONE, "sources": {kind.source: [kind.entry]}}
    program = parse_program(yaml.safe_dump(settings, allow_unicode=True))
    entry, source = program.sources[kind.source][0], SOURCE_BY_NAME[kind.source]
    ships = preset(entry.preset) if entry.preset else None
    zone = entry.timezone or (ships and ships.timezone) or program.timezone
    scales = {name: one.scale for (_, name), one in survey_questions(program).items() if one.kind == "rating"}
    reader = (ships and ships.reader) or read_file
    with warehouse.connect(None) as con:
        install(con)
        tables = RawTables(con)
        for number, data in enumerate(contents):
            path = f"landing/{DAY}.{kind.ending}"
            file = Incoming(str(number), (path,), len(data), datetime.now(UTC))
            group = EntryFiles(
                source, entry, zone, (file,), lambda _, data=data: reader(data, entry), scales=scales  # type: ignore[misc]
            )  # fmt: skip
            try:
                outcome = outcome_of(group, layout_of(group), file, file.sha256)
                outcome = next(judged(con, program, group, [outcome]))
            except Quarantined as refusal:
                outcome = Outcome(file, file.sha256, QUARANTINED, str(refusal))
            except Exception as crash:  # noqa: BLE001 - what a reader or layout lets through would stop a run
                outcome = Outcome(file, file.sha256, CRASHED, f"{type(crash).__name__}: {crash}")
            tables.add(kind.source, 0, zone, _numbered(kind, outcome))
        tables.finish()
        to_activity(con, program)
        stage(con, program)
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in con.sql(f"select * from staging.{kind.source}").to_arrow_table().to_pylist():
            rows[row["_file_id"]].append(_bare(kind, row))
        files = con.sql("select * from raw.files").to_arrow_table().to_pylist()
    return [Taken(file, rows[file["file_id"]]) for file in sorted(files, key=lambda file: int(file["file_id"]))]


def _numbered(kind: Kind, outcome: Outcome) -> Outcome:
    """With the file's number behind what keeps its rows apart from those of others."""
    rows = outcome.rows
    if rows is None or kind.key not in rows.column_names:
        return outcome
    at = rows.column_names.index(kind.key)
    texts = [
        f"{text}{APART}{outcome.file_id}" if text and text.strip(INVISIBLE) else text
        for text in rows.column(at).to_pylist()
    ]
    return replace(outcome, rows=rows.set_column(at, kind.key, pa.array(texts, pa.string())))


def _bare(kind: Kind, row: dict[str, Any]) -> dict[str, Any]:
    row[kind.key] = (row[kind.key] or "").partition(APART)[0]
    return {name: row[name] for name in (*TEXTS, *INSTANTS, LENGTHS) if name in row}


def fate(kind: Kind, whole: Taken, data: bytes, taken: Taken) -> str:
    """What became of a damaged file, beside the file as it was."""
    file = taken.file
    if file["status"] != "loaded":
        return {"ignored": REJECTED}.get(file["status"], file["status"])
    try:
        says = told(kind, data)
    except Unreadable:
        says = replace(told(kind, kind.whole), strict=False)
    fates = sum(file[name] for name in ("staged", "rejected", "superseded", "ignored"))
    counted = len(says.records) - 1 if says.strict and not says.starts and kind.ending == "csv" else 0
    witness = Witness(kind, says)
    if file["rows"] != fates or file["rows"] < counted or not all(map(witness.says, taken.rows)):
        return SILENT
    if sorted(map(str, taken.rows)) == sorted(map(str, whole.rows)):
        return SAME
    if file["rejected"] > whole.file["rejected"]:
        return REJECTED
    return CHANGED if len(taken.rows) == len(whole.rows) else REPEATED


def survey(kind: Kind, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What became of so many files of a kind, and what was done to those that failed."""
    found, failed = Counter[str](), []
    damaged = mutations(kind.data, random.Random(f"{kind.name} {seed}"))
    files = ((deed, kind.packed(data)) for deed, data in itertools.islice(damaged, count))
    while batch := list(itertools.islice(files, BATCH)):
        whole, *rest = take(kind, [kind.whole, *(data for _, data in batch)])
        for (deed, data), taken in zip(batch, rest, strict=True):
            became = fate(kind, whole, data, taken)
            found[became] += 1
            failed += [f"{became}: {deed}: {taken.file['reason']}"] if became in FAILURES else []
    return found, failed


def main(count: int, seed: int) -> int:
    """Prints the outcomes by kind; 1 where any failed."""
    share = -(-count // len(KINDS))
    with ProcessPoolExecutor(2) as pool:
        surveys = list(pool.map(survey, KINDS, itertools.repeat(share), itertools.repeat(seed)))
    counted = sum((found for found, _ in surveys), Counter[str]())
    print(f"figure: files counted a second time: {counted.total()}")
    print(f"figure: files that do not balance: {counted[SILENT]}")
    return report({kind.name: surveyed for kind, surveyed in zip(KINDS, surveys, strict=True)}, seed)


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*arguments, *(COUNT, 1)[len(arguments) :]))
