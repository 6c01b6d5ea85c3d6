"""Files destroyed when their retention period is over; the figures that were published of them stay, as aggregates.

A file is as old as its export, else its latest instant, else its arrival. Nothing is destroyed within a day after a
pause or a setting back of the clock: it may be the clock that makes the files old. Belongs here: which files are over,
keeping the published tables. Does not belong here: erasing a person (``erasure``), taking in again what was destroyed
too early (``intake.landing``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.forgetting.destruction import destroy, destroy_tree
from fellowship_pipeline.home.durable import sync, sync_all
from fellowship_pipeline.intake.landing.archive import archived
from fellowship_pipeline.intake.landing.ledger import DESTROYED, Content, Ledger, LedgerState
from fellowship_pipeline.intake.landing.moments import DAY
from fellowship_pipeline.intake.landing.periods import ends

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program

HISTORY = "history"
"""The folder of published/ that keeps the tables of earlier releases."""

_ARE_READ = "select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = 'files'"
_AGES = "select sha256, source, status, exported_at from raw.files where status <> 'erased'"


def expire(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, now: datetime, *, at_once: bool = False
) -> int:
    """Destroys what is over by ``privacy.retention_months``, as the last run knew its age; returns how many files.

    ``at_once``: also right after a pause, as an operator says. Kept for as long as they are in force: the latest
    roster, catalog and the like, and files that others of their folder look things up in. Files of reviews go with what
    they may come from.
    """
    ledger = Ledger(home.ledger)
    state = ledger.state()
    over = overdue(con, program, state, now) if at_once or now >= not_before(state, now) else {}
    if over:
        _keep_figures(home)
        destroy_tree(home.reviews)
        ledger.append({"event": "expired", "sha256": sha256, "ages": over[sha256]} for sha256 in sorted(over))
    for content in state.contents.values():
        if content.sha256 in over or content.decision in DESTROYED:
            for kept in filter(None, (content.sha256, content.cleansed)):
                destroy(archived(home, kept))
    return len(over)


def not_before(state: LedgerState, now: datetime) -> datetime:
    """When at the earliest a run may destroy what is over."""
    return state.resumed + DAY if state.resumed else now


def overdue(
    con: duckdb.DuckDBPyConnection, program: Program, state: LedgerState, now: datetime
) -> dict[str, dict[str, str]]:
    """Contents that are over for every source that they feed, and that nothing in force needs, with their ages."""
    limits = ends(program, now.date())
    if not limits or con.execute(_ARE_READ).fetchall() == [(0,)]:
        return {}
    ages: dict[str, dict[str, str]] = {}
    files = [
        (sha256, source, status, exported_at or _known(state.contents[sha256]))
        for sha256, source, status, exported_at in con.execute(_AGES).fetchall()
        if sha256 in state.contents
    ]
    over = _over(files, state, limits)
    for sha256, source, _, at in files:
        if sha256 in over:
            own = ages.setdefault(sha256, {})
            own[source] = max(own.get(source, ""), at.isoformat())
    return ages


def _over(files: list[tuple[str, str, str, datetime]], state: LedgerState, limits: Mapping[str, datetime]) -> set[str]:
    in_force = {
        sha256
        for sha256, source, status, at in files
        if source not in limits
        or at >= limits[source]
        or (status == "loaded" and SOURCE_BY_NAME[source].replaced_whole)
    }
    folders = {folder for sha256 in in_force for folder in _folders(state, sha256)}
    looked_up = {sha256 for sha256, _, status, _ in files if status == "ignored" and folders & _folders(state, sha256)}
    destroyed = {content.sha256 for content in state.contents.values() if content.decision in DESTROYED}
    return {sha256 for sha256, _, _, _ in files} - in_force - looked_up - destroyed


def _known(content: Content) -> datetime:
    return (content.known_at or content.first_seen).astimezone(UTC).replace(tzinfo=None)


def _folders(state: LedgerState, sha256: str) -> set[str]:
    return {path.rpartition("/")[0] for _, path in state.contents[sha256].sightings}


def _keep_figures(home: Home) -> None:
    """The published tables, by the day they are as of: what they say of the files' time cannot be computed again."""
    current = home.release
    if (current / "manifest.json").exists():
        as_of = json.loads((current / "manifest.json").read_text(encoding="utf-8"))["as_of"]
        history = home.published / HISTORY
        shutil.copytree(current / "tables", history / as_of, dirs_exist_ok=True)
        history.chmod(0o755)
        sync_all(history)
        sync(home.published)
