"""Landing places behind URLs: a real S3-compatible server, a real HTTP server, and those that do not answer."""

from __future__ import annotations

import functools
import hashlib
import http.server
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.config import conf, set_conf_env
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.landing import arrival, remote
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.landing.arrival import Arrivals, waiting
from fellowship_pipeline.intake.landing.folder import VANISHED, Left
from fellowship_pipeline.intake.reading.files import entries_without_files
from fellowship_pipeline.program import paths
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

ACTIVITY = "member,occurred_at\na,2022-03-01\n"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The URL of an S3-compatible server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def store(s3: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The bucket ``exports``, found by what fsspec reads in the environment."""
    settings: dict[str, Any] = {}
    environment = {"FSSPEC_S3_ENDPOINT_URL": s3, "FSSPEC_S3_KEY": "key", "FSSPEC_S3_SECRET": "secret"}
    set_conf_env(settings, environment)
    monkeypatch.setitem(conf, "s3", settings["s3"])
    files = fsspec.filesystem("s3")
    files.mkdir("exports")
    yield files
    files.rm("exports", recursive=True)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The URL of an HTTP server that serves and lists ``tmp_path/site``."""
    (tmp_path / "site").mkdir()
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=tmp_path / "site")
    ) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def kept(place: Place) -> list[str]:
    return sorted(path.read_text() for path in place.home.archive.rglob("*") if path.is_file())


def test_files_of_a_bucket_come_in_like_those_of_the_landing_folder(place: Place, store: Any) -> None:
    place.configure({"activity": [{"files": "s3://exports/2022/*.csv"}, {"files": "landing/*.csv"}]})
    store.pipe({"exports/2022/a.csv": b"x", "exports/2022/deep/b.csv": b"y", "exports/2022/c.part": b"z"})
    place.land({"a.csv": "local"})
    ignored = {"s3://exports/2022/c.part": "temporary"}
    assert place.take_in() == Arrivals(("landing/a.csv", "s3://exports/2022/a.csv"), ignored=ignored)
    assert place.take_in() == Arrivals(ignored=ignored)
    store.pipe("exports/2022/a.csv", b"x2")
    assert place.take_in().received == ("s3://exports/2022/a.csv",)
    assert kept(place) == ["local", "x", "x2"]
    store.rm("exports/2022/a.csv")
    assert place.take_in() == Arrivals(ignored=ignored)


def test_a_whole_read_of_a_bucket(place: Place, store: Any) -> None:
    place.configure(
        {"activity": [{"files": "s3://exports/**/*.csv", "covers": {"filename": r"^(?P<date>\d{4}-\d{2}-\d{2})/"}}]}
    )
    store.pipe("exports/2022-03-01/activity.csv", ACTIVITY.encode())
    assert place.rows("select path, status, rows, cast(covers_from as varchar) from raw.files") == [
        ("s3://exports/2022-03-01/activity.csv", "loaded", 1, "2022-03-01")
    ]
    assert place.rows("select member from raw.activity") == [("a",)]


def test_files_beside_are_taken_along_from_a_bucket(place: Place, store: Any) -> None:
    entry = {"preset": "datacamp_data_connector", "files": "s3://exports/d/learning_course_fact.csv"}
    place.configure({"activity": [entry]})
    store.pipe({"exports/d/learning_course_fact.csv": b"1", "exports/d/user_dim.csv": b"2", "exports/d/x.csv": b"3"})
    assert place.take_in().received == ("s3://exports/d/learning_course_fact.csv", "s3://exports/d/user_dim.csv")


@pytest.mark.fault("A16", "A17")
@pytest.mark.parametrize("name", ["a'; --.csv", "a[1]*.csv", "설문 📈.csv", "a%20b+c.csv", "'' ;drop.csv"])
def test_any_name_in_a_bucket(place: Place, store: Any, name: str) -> None:
    place.configure({"activity": [{"files": "s3://exports/*.csv"}]})
    store.pipe(f"exports/{name}", b"x")
    assert place.take_in() == Arrivals((f"s3://exports/{name}",))


@pytest.mark.fault("A9")
def test_the_same_bytes_here_and_there_are_one_content(place: Place, store: Any) -> None:
    place.configure({"activity": [{"files": "s3://exports/*.csv"}, {"files": "landing/*.csv"}]})
    store.pipe("exports/a.csv", ACTIVITY.encode())
    place.land({"a.csv": ACTIVITY})
    assert place.rows("select member from raw.activity") == [("a",)]


def test_an_unchanged_object_is_downloaded_once(place: Place, store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    chunks = remote.chunks

    def noted(url: str) -> Iterator[bytes]:
        reads.append(url)
        return chunks(url)

    monkeypatch.setattr(remote, "chunks", noted)
    place.configure({"activity": [{"files": "s3://exports/*.csv"}]})
    store.pipe("exports/a.csv", b"x")
    assert (waiting(place.home, place.program()), reads) == ({}, [])
    assert [*waiting(place.home, place.program())] == ["s3://exports/a.csv"]
    place.take_in()
    assert (waiting(place.home, place.program()), place.take_in(), reads) == ({}, Arrivals(), ["s3://exports/a.csv"])


@pytest.mark.fault("A12")
def test_an_object_replaced_while_it_is_read_is_looked_at_anew(
    place: Place, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks, is_replaced = remote.chunks, threading.Event()

    def replaced(url: str) -> Iterator[bytes]:
        yield from chunks(url)
        if not is_replaced.is_set():
            is_replaced.set()
            store.pipe("exports/a.csv", b"new")

    monkeypatch.setattr(remote, "chunks", replaced)
    place.configure({"activity": [{"files": "s3://exports/*.csv"}]})
    store.pipe("exports/a.csv", b"old")
    assert place.take_in() == Arrivals(("s3://exports/a.csv",))
    assert kept(place) == ["new"]


@pytest.mark.fault("A13")
def test_an_object_deleted_between_the_looks_vanished(
    place: Place, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.configure({"activity": [{"files": "s3://exports/*.csv"}]})
    store.pipe("exports/a.csv", b"x")
    monkeypatch.setattr(arrival.time, "sleep", lambda _: store.rm("exports/a.csv"))
    assert place.take_in() == Arrivals(left={"s3://exports/a.csv": VANISHED})


def test_an_object_that_is_too_large_is_not_downloaded(
    place: Place, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "LARGEST", 3)
    place.configure({"activity": [{"files": "s3://exports/*.csv"}]})
    store.pipe({"exports/a.csv": b"xxx", "exports/b.csv": b"xxxx"})
    assert place.take_in() == Arrivals(("s3://exports/a.csv",), left={"s3://exports/b.csv": arrival.TOO_LARGE})


def test_a_bucket_that_is_missing_is_said_and_an_empty_folder_is_no_files(place: Place, store: Any) -> None:
    place.configure({"activity": [{"files": "s3://other/*.csv"}, {"files": "s3://exports/x/*.csv"}]})
    left = place.take_in().left
    assert [*left] == ["s3://other/*.csv"]
    assert "The specified bucket does not exist" in left["s3://other/*.csv"]


def test_a_server_that_is_gone_leaves_the_run_what_is_archived(
    place: Place, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.configure({"activity": [{"files": "s3://exports/*.csv"}]})
    store.pipe("exports/a.csv", ACTIVITY.encode())
    place.take_in()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    once = {"retries": {"max_attempts": 1}}
    monkeypatch.setitem(conf, "s3", {**conf["s3"], "endpoint_url": nobody, "config_kwargs": once})
    monkeypatch.setattr(S3FileSystem, "retries", 1)
    why = place.take_in().left["s3://exports/*.csv"]
    assert why.startswith("no access (Could not connect to the endpoint URL: ")
    assert why.endswith("the run goes on with what is archived")
    assert "\n" not in why
    assert [(f.status, f.path) for f in place.ledger.state().listed()] == [
        ("held", "s3://exports/*.csv"),
        ("received", "s3://exports/a.csv"),
    ]
    assert waiting(place.home, place.program()) == {}
    assert place.rows("select member from raw.activity") == [("a",)]


def test_a_server_that_answers_nothing_is_not_waited_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(arrival, "TICK_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a.csv"
        place.configure({"activity": [{"files": url}]})
        assert waiting(place.home, place.program()) == {}
        assert place.take_in().left[url].startswith("no access (no answer in time): check the address")


def test_a_file_on_a_web_server(place: Place, site: str, tmp_path: Path) -> None:
    (tmp_path / "site/a.csv").write_text(ACTIVITY)
    place.configure({"activity": [{"files": f"{site}/a.csv"}, {"files": f"{site}/b.csv"}]})
    assert place.take_in() == Arrivals((f"{site}/a.csv",))
    assert place.take_in() == Arrivals()
    (tmp_path / "site/a.csv").write_text(ACTIVITY + "b,2022-03-02\n")
    assert place.rows("select distinct member from raw.activity order by 1") == [("a",), ("b",)]
    assert [pattern for _, _, pattern in entries_without_files(place.home, place.program())] == [f"{site}/b.csv"]


def test_the_files_that_a_web_server_lists(place: Place, site: str, tmp_path: Path) -> None:
    (tmp_path / "site/2022").mkdir()
    for name in ("2022/a.csv", "2022/b.csv", "2022/c.txt"):
        (tmp_path / "site" / name).write_text(name)
    place.configure({"activity": [{"files": f"{site}/2022/*.csv"}]})
    assert place.take_in() == Arrivals((f"{site}/2022/a.csv", f"{site}/2022/b.csv"))
    assert (place.take_in(), kept(place)) == (Arrivals(), ["2022/a.csv", "2022/b.csv"])


def test_a_web_server_that_refuses_is_said(place: Place, monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    monkeypatch.setattr(Quiet, "do_HEAD", lambda self: self.send_error(403))
    monkeypatch.setattr(Quiet, "do_GET", lambda self: self.send_error(403))
    place.configure({"activity": [{"files": f"{site}/a.csv"}]})
    assert "403" in place.take_in().left[f"{site}/a.csv"]


@pytest.mark.parametrize("pattern", ["memory://exports/*.csv", "memory://exports/a.csv"])
def test_any_file_system_that_fsspec_knows(place: Place, pattern: str) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/exports/a.csv", b"x")
    place.configure({"activity": [{"files": pattern}]})
    assert place.take_in() == Arrivals(("memory://exports/a.csv",))
    assert archived(place.home, hashlib.sha256(b"x").hexdigest()).read_text() == "x"
    memory.rm("/exports", recursive=True)


@pytest.mark.fault("A15")
def test_links_behind_file_urls_are_left_out(place: Place, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share/a.csv").write_text("x")
    (tmp_path / "share/b.csv").symlink_to("/etc/passwd")
    place.configure({"activity": [{"files": f"file://{tmp_path}/share/*.csv"}]})
    assert place.take_in() == Arrivals((f"file://{tmp_path}/share/a.csv",))


def test_a_download_that_breaks_off_is_left(
    place: Place, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(self: Quiet) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x")

    monkeypatch.setattr(Quiet, "do_GET", half)
    (tmp_path / "site/a.csv").write_text("x" * 1000)
    place.configure({"activity": [{"files": f"{site}/a.csv"}]})
    assert place.take_in().left[f"{site}/a.csv"].startswith("cannot be read (")
    assert kept(place) == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ("s4://exports/*.csv", "unknown protocol 's4'"),
        ("https://me:secret@host/a.csv", r"credentials do not belong here: .*FSSPEC_HTTPS_"),
        ("zip://*.csv::s3://exports/a.zip", "URLs inside URLs"),
    ],
)
def test_urls_that_are_mistakes(place: Place, files: str, message: str) -> None:
    place.configure({"activity": [{"files": files}]})
    with pytest.raises(UserError, match=rf"program.yaml line \d+, sources.activity\[0\].files: .*{message}"):
        place.program()


def test_a_protocol_whose_package_is_not_installed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "find_spec", lambda name: None)
    place.configure({"activity": [{"files": "gs://exports/*.csv"}]})
    with pytest.raises(UserError, match=r"gs:// needs the package gcsfs, which is not installed: pip install gcsfs"):
        place.program()


def test_an_unreadable_url_says_why() -> None:
    with pytest.raises(Left, match="cannot be read"):
        list(remote.chunks("nothing://exports/a.csv"))
