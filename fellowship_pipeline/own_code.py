"""Which code is running: its own files, the packages that are installed, and Python.

What was made by other code is made anew: another version of a reader may read a file otherwise. Belongs here: the
digest. Does not belong here: what the code makes.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

PACKAGES = ("assets", "checks", "fellowship_pipeline")
LENGTH = 20


@cache
def digest() -> str:
    """Of every file of the three packages, names and contents, and of every installed version."""
    root = Path(__file__).parents[1]
    installed = sorted(f"{found.name} {found.version}" for found in distributions())
    found = hashlib.sha256("\n".join([sys.version, *installed]).encode())
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(f"{path.relative_to(root).as_posix()} {path.stat().st_size}\n".encode())
                found.update(path.read_bytes())
    return found.hexdigest()[:LENGTH]


def basis(*texts: str) -> str:
    """A digest of texts and of the code that makes something of them."""
    return hashlib.sha256("\0".join([digest(), *texts]).encode()).hexdigest()[:LENGTH]
