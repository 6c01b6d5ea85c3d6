"""``fellowship serve``: real requests at a free port of this machine."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fellowship_pipeline import serving
from fellowship_pipeline.cli import status
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home

TOKEN = "t0ken"
POLICY = "default-src 'none'; script-src 'sha256-x='"
PAGE = f'<!doctype html>\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<p>figures'
NOTHING = "default-src 'none'; frame-ancestors 'none'"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a generation in each folder, and links that lead out of them."""
    home = Home(tmp_path_factory.mktemp("serving") / "home")
    for root, page in ((home.published, "dashboard.html"), (home.operations, "index.html")):
        (root / "r1" / "tables").mkdir(parents=True)
        (root / "r1" / page).write_text(PAGE)
        (root / "r1" / "tables" / "a.csv").write_text("m1,10\n")
        (root / "current").symlink_to("r1")
    home.program_file.touch()
    home.ledger.write_text("secret")
    (home.path.parent / "outside.txt").write_text("secret")
    (home.published / "out").symlink_to(home.path.parent)
    (home.published / "r1" / "ledger.html").symlink_to(home.ledger)
    (home.published / "r1" / "persons.html").symlink_to(home.lists / "index.html")
    (home.operations / "r1" / "ledger.csv").symlink_to(home.ledger)
    return home


@pytest.fixture(scope="module")
def port(home: Home) -> Iterator[int]:
    """A server of that home, in a thread."""
    with serving.listening("127.0.0.1", 0) as at:
        server = serving.server(serving.application(home, TOKEN))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [at]})
        thread.start()
        yield at.getsockname()[1]
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


def asked(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """The answer to exactly that path, as no browser would send some of them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    found = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, found, response.read().decode())


def test_the_first_page_is_the_dashboard_with_the_policy_that_it_says_itself(port: int) -> None:
    first = asked(port, "/")
    assert (first.status, first.headers["location"]) == (307, "/current/dashboard.html")
    page = asked(port, "/current/dashboard.html")
    assert (page.status, page.body) == (200, PAGE)
    said = {name: page.headers[name] for name in ("content-security-policy", "cache-control", "referrer-policy")}
    assert said == {
        "content-security-policy": f"{POLICY}; frame-ancestors 'none'",
        "cache-control": "no-cache",
        "referrer-policy": "no-referrer",
    }
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "server" not in page.headers


def test_a_table_may_run_nothing(port: int) -> None:
    table = asked(port, "/current/tables/a.csv")
    assert (table.status, table.body, table.headers["content-security-policy"]) == (200, "m1,10\n", NOTHING)
    assert table.headers["content-type"].startswith("text/csv")


def test_operations_are_there_for_the_token_alone_and_are_never_stored(port: int) -> None:
    page = asked(port, f"/operations/{TOKEN}/current/index.html")
    assert (page.status, page.body, page.headers["cache-control"]) == (200, PAGE, "no-store")
    assert asked(port, f"/operations/{TOKEN}/current/tables/a.csv").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/operations/",
        "/operations/current/index.html",
        f"/operations/{TOKEN}x/current/index.html",
        f"/operations/{TOKEN.upper()}/current/index.html",
        "/operations/%ED%86%A0%ED%81%B0/current/index.html",
        "/operations/%00/current/index.html",
        "/current/",
        "/current",
        "/current/tables/",
        f"/operations/{TOKEN}/",
        "/../ledger.jsonl",
        "/%2e%2e/ledger.jsonl",
        "/current/..%2f..%2f..%2fledger.jsonl",
        "/current/../../ledger.jsonl",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/out/outside.txt",
        "/current/ledger.html",
        "/current/persons.html",
        "/../operations/current/index.html",
        f"/operations/{TOKEN}/current/ledger.csv",
        f"/operations/{TOKEN}/../ledger.jsonl",
        f"/operations/{TOKEN}/%2e%2e/ledger.jsonl",
        f"/operations/{TOKEN}/../published/current/dashboard.html",
        "/current/%00",
        "/" + "a" * 5000,
    ],
)
def test_what_is_no_file_of_the_two_folders_is_not_there(port: int, path: str) -> None:
    answer = asked(port, path)
    assert (answer.status, answer.body) == (404, "Not Found")
    assert answer.headers["content-security-policy"] == NOTHING
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_taken(port: int, method: str) -> None:
    assert asked(port, "/current/dashboard.html", method).status == 405


def test_a_name_that_leads_here_by_a_trick_is_refused(port: int) -> None:
    assert asked(port, "/current/dashboard.html", Host="evil.example").status == 400
    assert asked(port, "/current/dashboard.html", Host=f"localhost:{port}").status == 200


def test_a_link_current_that_leads_out_of_the_home_is_not_followed(home: Home, port: int) -> None:
    home.release.unlink()
    home.release.symlink_to(home.path.parent)
    try:
        assert asked(port, "/current/outside.txt").status == 404
    finally:
        home.release.unlink()
        home.release.symlink_to("r1")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "example.org", "::", ""])
def test_an_address_that_others_reach_is_refused(host: str) -> None:
    with pytest.raises(UserError, match=rf"^--host {re.escape(host)}: other machines could reach it"):
        serving.listening(host, 0)


def test_a_port_that_is_taken_is_said_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(UserError, match=rf"^--port {taken}: Address already in use; name another, or 0 for any"):
            serving.listening("localhost", taken)


def test_nothing_is_served_before_anything_was_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Home(tmp_path).program_file.touch()
    assert status(["serve", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {tmp_path} has published nothing yet")


def test_tokens_are_long_and_never_twice() -> None:
    tokens = {serving.new_token() for _ in range(100)}
    assert len(tokens) == 100 and min(map(len, tokens)) >= 43


def test_the_command_says_both_addresses_and_ends_with_an_interrupt(home: Home) -> None:
    command = "import sys; from fellowship_pipeline.cli import main; sys.exit(main())"
    arguments = [sys.executable, "-c", command, "serve", str(home.path), "--port", "0"]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stderr is not None
    try:
        (port,) = re.fullmatch(
            r"http://127\.0\.0\.1:(\d+)/current/dashboard\.html\n", process.stdout.readline()
        ).groups()  # type: ignore[union-attr]
        said = process.stderr.readline()
        (path,) = re.search(r"http://127\.0\.0\.1:\d+(/operations/\S+)$", said).groups()  # type: ignore[union-attr]
        assert process.stderr.readline() == "Ctrl-C ends it\n"
        assert asked(int(port), path).body == PAGE
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=300)
    assert (process.returncode, rest) == (0, ("", ""))
