"""A small file system of its own, a process that does something and says so: what faults are tried on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from fellowship_pipeline.health import Finding, Level
from fellowship_pipeline.home import Home

MAY_MOUNT = os.geteuid() == 0
NO_MOUNT = "mounting a small file system takes root"
READER = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print("ready", flush=True)
time.sleep(float(sys.argv[2]))
"""
"""Opens the warehouse that its first argument names, and holds it for as many seconds as its second says."""


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system of that size at ``place``; skips the test where none may be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        # only root may mount, and not in every container; a disk that is full cannot be had otherwise
        pytest.skip(f"{NO_MOUNT}: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path, left: int) -> Path:
    """A file that leaves ``left`` bytes free on the disk of ``place``."""
    filler = place / "filler"
    status = os.statvfs(place)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, status.f_bavail * status.f_frsize - left)
    return filler


def read_only(place: Path) -> None:
    """Mounts the disk of ``place`` anew, so that nothing can be written to it."""
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)


def other_process(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that runs ``code`` and has printed a line."""
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def said(findings: Iterator[Finding]) -> list[tuple[Level, str]]:
    """Level and line of each finding."""
    return [(finding.level, finding.line()) for finding in findings]


def built(path: Path) -> Home:
    """A home whose places are there and empty."""
    home = Home(path)
    for place in (home.archive, home.warehouse.parent, home.state, home.published, home.operations, home.dagster):
        place.mkdir(parents=True, mode=0o700)
    return home


def today() -> str:
    """The day, as it ends the name of what is set aside today."""
    return datetime.now().astimezone().date().isoformat()
