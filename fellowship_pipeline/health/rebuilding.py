"""A ledger, tombstones or decisions of which lines are gone: made whole of what is left, as an operator asks for it.

Decisions on files may be among what is gone, so every file is held until it is accepted again; what is known to be
withdrawn, rejected or destroyed, by a line that is left or by the warehouse, stays so. Of decisions of reviews the
warehouse knows all that the last run knew: it fills up what is gone, and has the last word on what it has. Belongs
here: what is left, and in which order it is entered. Does not belong here: telling that something is gone (``ledger``).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import DECISION_TABLES
from fellowship_pipeline.errors import LockHeld, UserError
from fellowship_pipeline.health.archive import recovered, stored
from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.health.ledger import decisions_fault, ledger_fault, tombstones_fault
from fellowship_pipeline.health.warehouse import drop
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.home.chain import ANOTHER, BEGUN, Chain
from fellowship_pipeline.home.decisions import ISSUED, REBUILT, UNDONE, line_of
from fellowship_pipeline.intake.landing.archive import in_landing, put_back
from fellowship_pipeline.intake.landing.ledger import RECOVERED
from fellowship_pipeline.intake.reading.outcomes import UNREAD


class KnownContent(NamedTuple):
    """What the warehouse knows of a content; ``decision``: that by which it is not read."""

    size: int
    path: str
    decision: str | None


_FILES = "select distinct sha256, bytes, path, status, reason from raw.files order by all"


def rebuild(home: Home) -> list[Finding]:
    """Makes whole what is not; the caller holds the home's lock. Raises UserError where nothing is wrong."""
    found = []
    ledger, tombstones = Chain(home.ledger), Chain(home.tombstones)
    if (problem := ledger_fault(home)) is not None:
        _refuse_another(ledger, problem)
        held = _rebuild_ledger(home, ledger)
        remedy = f"rebuilt of what is left, {held} files held: `fellowship files HOME accept ID`, or `accept recovered`"
        found.append(Finding(Level.WARNING, ledger.path.name, problem, remedy))
    if (problem := tombstones_fault(home)) is not None:
        _refuse_another(tombstones, problem)
        lines = [line for line in _left(tombstones) if line["event"] != BEGUN]
        tombstones.rewrite([*lines, {"at": _now(), "event": "rebuilt"}])
        remedy = f"{len(lines)} lines are left: erase again whoever was erased and is not among them"
        found.append(Finding(Level.WARNING, tombstones.path.name, problem, remedy))
    decisions = Chain(home.decisions)
    if (problem := decisions_fault(home)) is not None:
        _refuse_another(decisions, problem)
        lines, recalled = _recalled(home, decisions)
        decisions.rewrite([*lines, {"at": _now(), "event": REBUILT}])
        remedy = f"{len(lines)} lines, {recalled} of them as the warehouse has them: look through `fellowship review`"
        found.append(Finding(Level.WARNING, decisions.path.name, problem, remedy))
    if not found:
        whole = "ledger.jsonl, tombstones.jsonl and decisions.jsonl are whole"
        raise UserError(f"--rebuild-ledger: {whole}; run without it")
    drop(home)  # the warehouse has told what it knows, and remembers the lines that are gone
    return found


def _recalled(home: Home, chain: Chain) -> tuple[list[dict[str, Any]], int]:
    """Lines of decisions: those left, and those that the warehouse knows; how many are not as they were left."""
    entries = [line for line in _left(chain) if line["event"] in (ISSUED, UNDONE)]
    left = {line.get("undo_id") or line["decision_id"]: line for line in entries}
    known = {line.get("undo_id") or line["decision_id"]: line for line in _decided(home)}
    return list((left | known).values()), sum(left.get(id_) != line for id_, line in known.items())


def _decided(home: Home) -> list[dict[str, Any]]:
    """Lines of the decisions that the warehouse knows."""
    if not home.warehouse.exists():
        return []
    try:
        with warehouse.connect(home.warehouse, read_only=True) as con:
            issued, undone = (
                [dict(zip(table.column_names, row, strict=True)) for row in con.table(table.key).fetchall()]
                for table in DECISION_TABLES
            )
    except (duckdb.Error, LockHeld, UserError):
        return []
    lines = [line_of(ISSUED, {**row, "files": row["files"].split()}) for row in issued]
    return [*lines, *(line_of(UNDONE, row) for row in undone)]


def _refuse_another(chain: Chain, problem: str) -> None:
    if problem == ANOTHER:
        raise UserError(f"{chain.path.name}: {problem}; move it away first, nothing of it is kept")


def _rebuild_ledger(home: Home, chain: Chain) -> int:
    """Enters what is left, and every content as recovered; returns how many are held."""
    left = [line for line in _left(chain) if line["event"] != BEGUN]
    known, gone = _known(home), _gone(left)
    there = _there(home, left, known, gone)
    named = {line["sha256"] for line in left if line["event"] in ("received", RECOVERED)}
    decided = {sha256: one.decision for sha256, one in known.items() if one.decision}
    landed = in_landing(home, {sha256: there[sha256] for sha256 in there.keys() - named - known.keys()})
    places = {sha256: one.path for sha256, one in known.items()} | landed
    sizes = {sha256: one.size for sha256, one in known.items()} | there

    def found(contents: Iterable[str]) -> list[dict[str, object]]:
        return [recovered(home, sha, sizes.get(sha, 0), places.get(sha)) for sha in sorted(contents)]

    first = left[0]["at"] if left else _now()
    before = [{"at": first, **event} for event in found({*there, *decided} - named)]
    after: list[dict[str, object]] = [{"event": decision, "sha256": sha} for sha, decision in sorted(decided.items())]
    after += found(named | there.keys())
    chain.rewrite([*before, *left, *({"at": _now(), **event} for event in after)])
    return len(there.keys() - decided.keys() - gone)


def _there(
    home: Home, left: Iterable[Mapping[str, Any]], known: Mapping[str, KnownContent], gone: Collection[str]
) -> dict[str, int]:
    """What the archive has, or has again from landing/ since it is known and not ``gone``: sizes by SHA-256.

    Without what stands for a content that was cleansed, which is no content of its own.
    """
    sizes = {sha256: status.st_size for sha256, status in stored(home).items()}
    missed = {sha256: one.size for sha256, one in known.items() if one.decision is None and sha256 not in sizes}
    lost = {sha256: size for sha256, size in missed.items() if sha256 not in gone}
    back = put_back(home, in_landing(home, lost))
    replaced = {line["kept"] for line in left if line["event"] == "cleansed"}
    return {sha: size for sha, size in sizes.items() if sha not in replaced} | {sha: lost[sha] for sha in back}


def _gone(lines: Iterable[Mapping[str, Any]]) -> set[str]:
    """Contents that a line says are withdrawn, rejected or destroyed, and no later one says otherwise."""
    last = {line["sha256"]: line["event"] for line in lines if line["event"] in {*UNREAD, "accepted", "returned"}}
    return {sha256 for sha256, event in last.items() if event in UNREAD and event != RECOVERED}


def _left(chain: Chain) -> Iterator[dict[str, Any]]:
    """The lines that can still be read."""
    if not chain.path.exists():
        return
    for line in chain.path.read_bytes().split(b"\n"):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and {"at", "event"} <= event.keys():
            event.pop("before", None)
            yield event


def _known(home: Home) -> dict[str, KnownContent]:
    """What the warehouse knows, by SHA-256."""
    if not home.warehouse.exists():
        return {}
    reasons = {reason: decision for decision, reason in UNREAD.items()}
    try:
        with warehouse.connect(home.warehouse, read_only=True) as con:
            files = con.execute(_FILES).fetchall()
    except (duckdb.Error, LockHeld, UserError):
        return {}
    return {
        sha256: KnownContent(size, path, reasons.get(reason) if status in ("withdrawn", "rejected", "erased") else None)
        for sha256, size, path, status, reason in files
    }


def _now() -> str:
    return clock.now().isoformat(timespec="microseconds")
