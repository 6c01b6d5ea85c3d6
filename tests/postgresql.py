"""A PostgreSQL of the tests' own: a cluster in a temporary folder, without durability, gone when they are done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "a:b@c %d"
"""With what would break an address that is put together without care."""

FOR_TESTS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1"


def binaries() -> Path:
    """Where the newest PostgreSQL is; skips where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.skip("needs Debian's postgresql")  # .ci/run installs it and fails on this skip
    return found[-1].parent


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """A cluster with an empty database; what ``deploy/dagster.yaml`` reads of the environment."""
    bin_ = binaries()
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to be root's; the package brings that user
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    (folder / "password").write_text(PASSWORD)
    if user:
        for path in (folder, folder / "password"):
            shutil.chown(path, user)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]

    def command(*words: str) -> None:
        done = subprocess.run(
            words, cwd=folder, user=user, capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
        )
        assert done.returncode == 0, (done.stdout, done.stderr)

    data, control = str(folder / "data"), str(bin_ / "pg_ctl")
    made = (f"--pwfile={folder / 'password'}", "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--username=dg")
    try:
        command(str(bin_ / "initdb"), "--pgdata", data, *made)
        options = f"{FOR_TESTS} -p {port} -k {folder}"
        command(control, "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "-t", "120", "start")
        try:
            yield {
                "DAGSTER_POSTGRES_HOST": "127.0.0.1",
                "DAGSTER_POSTGRES_PORT": str(port),
                "DAGSTER_POSTGRES_USER": "dg",
                "DAGSTER_POSTGRES_PASSWORD": PASSWORD,
                "DAGSTER_POSTGRES_DB": "postgres",
            }
        finally:
            command(control, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)
