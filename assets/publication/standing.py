"""Whether what is published is what a run would publish now: the page stands as long as nothing under it changes.

Belongs here: what a publication was made of, noted with the operators' lists, and comparing it. Does not belong here:
whether tables stand (``assets.versions``), making a publication (``pages``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from assets.versions import all_stand
from fellowship_pipeline import own_code
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.home.generations import MANIFEST
from fellowship_pipeline.program import Program
from fellowship_pipeline.warehouse import facts

MADE_OF, AT = "made_of", "at"


def basis(con: duckdb.DuckDBPyConnection, program: Program, warned: Sequence[object]) -> str | None:
    """What a publication is made of; None where some table is not known to stand, checked."""
    known = facts.known(con)
    told: list[Any] = [known.get(table.key, {}) for table in TABLES]
    if not all(facts.VERSION in one and facts.CHECKED in one for one in told) or not all_stand(known):
        return None
    tables = [(one[facts.VERSION], one[facts.CHECKED]) for one in told]
    return own_code.basis(json.dumps(tables), program.model_dump_json(), json.dumps(list(warned)))


def noted(made_of: str | None) -> dict[str, str]:
    """For the manifest of the operators' lists."""
    return {MADE_OF: made_of or "", AT: clock.now().isoformat(timespec="seconds")}


def stands_since(home: Home, made_of: str | None) -> datetime | None:
    """Since when what is current, page and lists of one run, stands; None where it is of anything else."""
    pages, lists = (_manifest(place) for place in (home.release, home.lists))
    is_whole = pages.get("run_id") is not None and pages.get("run_id") == lists.get("run_id")
    return since(home) if made_of and is_whole and lists.get(MADE_OF) == made_of else None


def since(home: Home) -> datetime:
    """When what is current was published."""
    return datetime.fromisoformat(_manifest(home.lists)[AT])


def _manifest(folder: Path) -> dict[str, Any]:
    file = folder / MANIFEST
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return content
