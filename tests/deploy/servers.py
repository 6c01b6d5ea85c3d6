"""Real servers on free ports of this machine: Dagster's webserver, and nginx with the configuration that ships.

Belongs here: starting and ending them, asking them. Does not belong here: what they should answer.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.processes import until

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
DAGSTER = Path(sys.executable).parent

AROUND = """\
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
"""What Debian's nginx.conf is around a site, in a folder of its own."""


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: str


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def asked(
    port: int, path: str, method: str = "GET", *, login: str = "", body: str | None = None, **headers: str
) -> Answer:
    """The answer of whoever listens there. ``login``: ``name:password``."""
    sent = {"Content-Type": "application/json"} if body is not None else {}
    sent |= {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()} if login else {}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body, sent | headers)
        response = connection.getresponse()
        is_pushed = response.status == http.HTTPStatus.SWITCHING_PROTOCOLS  # and never ends
        content = b"" if is_pushed else response.read()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, content.decode("utf-8", "replace"))


def told(port: int, query: str, path: str = "/dagster/graphql", *, login: str = "") -> dict[str, Any]:
    """What Dagster answers to a query."""
    answer = asked(port, path, "POST", login=login, body=json.dumps({"query": query}))
    assert answer.status == 200, (answer.status, answer.body)
    document: dict[str, Any] = json.loads(answer.body)
    data: dict[str, Any] = document["data"]
    return data


def answers(port: int, path: str) -> bool:
    try:
        return asked(port, path).status < 500
    except OSError:
        return False


@contextmanager
def running(command: list[str], port: int, path: str, **environment: str) -> Iterator[None]:
    """The command while the block lasts, from when it answers at that port on."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        until(lambda: process.poll() is not None or answers(port, path))
        assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def webserver(dagster_home: Path, *options: str) -> Iterator[int]:
    """A webserver of that Dagster, without any code: what may be done is refused before any is asked for."""
    port = free_port()
    address = ["--host", "127.0.0.1", "--port", str(port), "--path-prefix", "/dagster"]
    command = [str(DAGSTER / "dagster-webserver"), "--empty-workspace", *address, *options]
    with running(command, port, "/dagster/server_info", DAGSTER_HOME=str(dagster_home)):
        yield port


@contextmanager
def proxy(folder: Path, published: Path, behind: int, users: Path) -> Iterator[int]:
    """nginx with ``deploy/nginx.conf``, but for its port and those three places."""
    assert NGINX is not None
    port, site = free_port(), (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for shipped, here in (
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("http://127.0.0.1:3000", f"http://127.0.0.1:{behind}"),
        ("/etc/nginx/fellowship.users", str(users)),
        ("/var/lib/fellowship/program/published/current", str(published / "current")),
    ):
        assert site.count(shipped) == 1, shipped
        site = site.replace(shipped, here)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with running(command, port, "/"):
        yield port
