"""The small files of ``state/``: what a run remembers for the next, or nothing at all.

Each says the SHA-256 of its own content, so that a flipped bit is a memory that is lost, never another one. Belongs
here: writing and reading them. Does not belong here: what is remembered, and by whom.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fellowship_pipeline.home.durable import make_folder, write_durably


def remember(path: Path, said: Mapping[str, Any]) -> None:
    """Puts the memory in the place of the one before, in one step, on the disk; makes their folder."""
    make_folder(path.parent)
    write_durably(path, json.dumps({"sha256": digest(said), "said": said}))


def recall(path: Path) -> dict[str, Any] | None:
    """What was remembered; None where there is nothing, or not what was written.

    Earlier versions wrote it bare, without a hash; in none of theirs is an object within the object.
    """
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(document, dict):
        return None
    if not any(isinstance(value, dict) for value in document.values()):
        return document
    said = document.get("said")
    return said if isinstance(said, dict) and digest(said) == document.get("sha256") else None


def digest(said: Mapping[str, Any]) -> str:
    """The SHA-256 of a JSON object, however it is written down."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
