"""Which code is running: a digest of its files.

What was made by other code is made anew. Belongs here: the digest. Does not belong here: version numbers.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

PACKAGES = ("assets", "checks", "fellowship_pipeline")


@cache
def digest() -> str:
    """Of every file of the three packages: names and contents."""
    root = Path(__file__).parents[1]
    found = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(f"{path.relative_to(root).as_posix()} {path.stat().st_size}\n".encode())
                found.update(path.read_bytes())
    return found.hexdigest()[:20]
