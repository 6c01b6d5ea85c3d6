from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake import isolation
from fellowship_pipeline.intake.isolation import MB, Changed, Limits, ReaderProcess, Request, limits, read_isolated
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.presets import preset
from fellowship_pipeline.intake.readers.formats import read_file
from fellowship_pipeline.intake.readers.records import Quarantined, Records
from fellowship_pipeline.program.sources import Entry
from tests.intake.homes import Place, fetch
from tests.intake.workbooks import literal, row, rows

pytestmark = pytest.mark.slow

ENTRY = Entry(files="landing/*")
CSV = b"member,xp\nk,1\n"
SPARSE: list[str | float | None] = [*[None] * 17, 1]
ROOMY = Limits(1024 * MB, 60)

Asked = Callable[..., Request]


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    reader = ReaderProcess()
    yield reader
    reader.close()


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    def ask(data: bytes, limits: Limits = ROOMY, entry: Entry = ENTRY) -> Request:
        sha256 = hashlib.sha256(data).hexdigest()
        path = tmp_path / sha256
        path.write_bytes(data)
        return Request(path, sha256, entry, limits)

    return ask


def said(records: Records) -> list[Any]:
    columns = [column.to_pylist() for column in (*records.columns, records.rows, records.lines)]
    facts = (records.header, records.count, records.encoding, records.rejects, records.doubts, records.notes)
    return [*columns, *facts, records.ignored, dict(records.about)]


@pytest.mark.parametrize(
    "data",
    [
        CSV,
        'member;xp\nk;1;2\n김;"a\nb"\n'.encode("cp949"),
        b"member,xp\n",
        b'{"member": "k", "o": {"xp": 1.50}}\noops\n',
        literal(rows(["member", "xp"], ["k", 1], ["l", 2, 3]), **{"xl/vbaProject.bin": b""}),
    ],
    ids=["csv", "with-rejects", "with-doubts", "json-lines", "with-notes"],
)
def test_records_come_back_as_the_reader_gave_them(reader: ReaderProcess, asked: Asked, data: bytes) -> None:
    assert said(reader.read(asked(data))) == said(read_file(data, ENTRY))


def test_settings_of_the_entry_and_the_reader_of_its_preset_are_used(reader: ReaderProcess, asked: Asked) -> None:
    skipping = Entry(files="landing/*", skip_lines=1, delimiter=";")
    assert reader.read(asked(b"Report\na;b\n1;2\n", entry=skipping)).header == ("a", "b")
    data = b"Meeting ID,Topic\n123,Standup\n\nName (Original Name),User Email,Join Time\nk,k@x.org,x\n"
    zoom = Entry(files="landing/*", preset="zoom")
    own = preset("zoom").reader
    assert own is not None
    assert said(reader.read(asked(data, entry=zoom))) == said(own(data, zoom))


def test_refusals_come_back_with_their_reason(reader: ReaderProcess, asked: Asked) -> None:
    with pytest.raises(Quarantined, match=r"^a PDF, not a table"):
        reader.read(asked(b"%PDF-1.7"))


def test_one_process_reads_file_after_file(reader: ReaderProcess, asked: Asked) -> None:
    reader.start()
    process = reader._process
    assert [reader.read(asked(CSV + b"l,%d\n" % at)).columns[1][1].as_py() for at in range(20)] == list(
        map(str, range(20))
    )
    assert reader._process is process


def test_a_relative_path_is_of_the_folder_that_asks(
    reader: ReaderProcess, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.start()
    request = asked(CSV)
    monkeypatch.chdir(tmp_path)
    assert said(reader.read(replace(request, path=Path(request.path.name)))) == said(read_file(CSV, ENTRY))


def test_threads_get_their_own_answers(reader: ReaderProcess, asked: Asked) -> None:
    answers: dict[int, list[str]] = {}
    requests = [asked(b"a\n%d\n" % at) for at in range(20)]

    def read(at: int) -> None:
        answers[at] = reader.read(requests[at]).columns[0].to_pylist()

    threads = [threading.Thread(target=read, args=[at]) for at in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {at: [str(at)] for at in range(20)}


@pytest.mark.fault("F12")
@pytest.mark.parametrize(
    "data",
    [b"a,b\n" + b'"x",1\n' * 4_000_000, literal(f"<sheetData>{row(1, ['a'])}{row(1_000_000, SPARSE)}</sheetData>")],
    ids=["python", "rust"],
)
def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_one_read(
    reader: ReaderProcess, asked: Asked, data: bytes
) -> None:
    with pytest.raises(Quarantined, match=r"^needs more than 128 MB to be read: deliver it in parts, or as CSV$"):
        reader.read(asked(data, Limits(128 * MB, 60)))
    assert reader.read(asked(CSV)).count == 1


@pytest.mark.fault("F12")
def test_a_file_that_takes_too_long_is_refused_and_the_next_one_read(asked: Asked) -> None:
    """A process that has just been started is not ready so soon."""
    reader = ReaderProcess()
    with pytest.raises(Quarantined, match=r"^takes longer than 0\.01 s to be read"):
        reader.read(asked(CSV, Limits(1024 * MB, 0.01)))
    assert reader.read(asked(CSV)).count == 1
    reader.close()


def test_a_process_that_died_meanwhile_is_replaced(reader: ReaderProcess, asked: Asked) -> None:
    reader.start()
    assert reader._process is not None
    reader._process.kill()
    assert reader.read(asked(CSV)).count == 1


def test_a_file_is_not_blamed_for_what_earlier_ones_left_behind(reader: ReaderProcess, asked: Asked) -> None:
    """The process dies while it reads; asked again, a new one can."""
    reader.start()
    first = reader._process
    assert first is not None
    stopped = threading.Timer(0.3, first.kill)
    stopped.start()
    big = b"a,b\n" + b'"x",1\n' * 1_000_000
    assert reader.read(asked(big)).count == 1_000_000
    stopped.join()


def test_after_a_large_file_the_memory_goes_back(
    reader: ReaderProcess, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "LARGE", len(CSV))
    reader.read(asked(CSV))
    assert reader._process is None


def test_content_that_changed_is_not_read(reader: ReaderProcess, asked: Asked) -> None:
    with pytest.raises(Changed):
        reader.read(replace(asked(CSV), sha256="0" * 64))


def test_content_that_cannot_be_read_is_no_bad_file(reader: ReaderProcess, asked: Asked) -> None:
    request = asked(CSV)
    request.path.unlink()
    request.path.mkdir()
    with pytest.raises(Changed):
        reader.read(request)


def test_an_archive_that_lost_or_changed_a_content_stops_the_run(place: Place) -> None:
    path = archived(place.home, "ab" * 32)
    with pytest.raises(UserError, match=r"^archive/ab/(ab)+ is missing: restore it, or withdraw the file"):
        read_isolated(place.home, "ab" * 32, ENTRY)
    path.parent.mkdir(parents=True)
    path.write_bytes(CSV)
    with pytest.raises(
        UserError, match=r"^archive/ab/(ab)+ is not what was archived: restore it, or withdraw the file"
    ):
        read_isolated(place.home, "ab" * 32, ENTRY)


def test_limits_grow_with_the_file_up_to_a_cap() -> None:
    assert [limits(size).memory // MB for size in (0, 300 * MB, 2000 * MB)] == [2048, 3000, 8192]
    assert limits(10 * MB).seconds == limits(0).seconds + 10


@pytest.mark.fault("F12")
def test_a_file_that_breaks_the_limits_is_quarantined_and_the_run_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "LEAST_MEMORY", 128 * MB)
    monkeypatch.setattr(isolation, "MEMORY_PER_BYTE", 0)
    place.configure({"roster": [{"files": "landing/*"}]})
    place.land({"big.csv": b"member,cohort\n" + b'"x",1\n' * 4_000_000, "small.csv": b"member,cohort\nk,1\n"})
    with place.read() as con:
        assert fetch(con, "select path, status, reason from raw.files order by path") == [
            ("landing/big.csv", "quarantined", "needs more than 128 MB to be read: deliver it in parts, or as CSV"),
            ("landing/small.csv", "loaded", None),
        ]
