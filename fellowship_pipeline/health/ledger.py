"""Whether the ledger, the tombstones and the decisions are whole: no line lost, cut, altered, or of another home.

Belongs here: telling so, linking files of the older form, beginning the ledger of a new home. Does not belong here:
how lines hold together (``home.chain``), going on with what is left (``rebuilding``).
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.errors import LockHeld, UserError
from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.chain import ANOTHER, Chain, Head
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.intake.reading import generation

FROM_WHAT_IS_LEFT = (
    "restore it from a copy; without one `fellowship run HOME --rebuild-ledger` goes on with what is left"
)
AND_HELD = "every file held until it is accepted"
AND_ERASE_AGAIN = "and who was erased in lines that are gone has to be erased again"
AND_RECALLED = "and what the warehouse knows of the rest"


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """A finding for the first of them that is not whole, and for one of the older form, which is linked."""
    ledger, tombstones, decisions = (Chain(path) for path in (home.ledger, home.tombstones, home.decisions))
    if (problem := ledger_fault(home)) is not None:
        yield _stop(ledger, problem, AND_HELD)
        return
    yield from _linked(ledger, mend)
    if not ledger.path.exists() and mend:
        ledger.forget()
        Ledger(home.ledger).begin()
    if (problem := tombstones_fault(home)) is not None:
        yield _stop(tombstones, problem, AND_ERASE_AGAIN)
        return
    yield from _linked(tombstones, mend)
    if (problem := decisions_fault(home)) is not None:
        yield _stop(decisions, problem, AND_RECALLED)
        return
    yield from _linked(decisions, mend)


def ledger_fault(home: Home) -> str | None:
    """What is wrong with the ledger; None where nothing is. A new home has none."""
    chain = Chain(home.ledger)
    if _is_empty(chain):
        stands = [place for place, is_there in _standing(home) if is_there]
        if stands:
            return f"gone, while {' and '.join(stands)} {'are' if stands[1:] else 'is'} there"
        most = max((end.lines for end in chain.remembered()), default=0)
        return f"gone, and with it archive/ and warehouse/, of {most} lines that state/ remembers" if most > 1 else None
    if chain.is_older_form() and not chain.remembered():
        return None
    return chain.fault(_witness(home, chain))


def tombstones_fault(home: Home) -> str | None:
    """What is wrong with the tombstones; None where nothing is, or nobody was erased as far as the ledger tells."""
    chain = Chain(home.tombstones)
    if _is_empty(chain):
        state = Ledger(home.ledger).state()
        erased = any(content.cleansed or content.decision == "erased" for content in state.contents.values())
        is_missed = erased or state.sifted[0] or chain.remembered()
        return "gone, while there were erasures" if is_missed else None
    if chain.is_older_form() and not chain.remembered():
        return None
    return chain.fault(_witness(home, chain))


def decisions_fault(home: Home) -> str | None:
    """What is wrong with the decisions; None where nothing is, or none was issued as far as anything tells."""
    chain = Chain(home.decisions)
    return chain.fault(_witness(home, chain))


def _stop(chain: Chain, problem: str, price: str) -> Finding:
    if problem == ANOTHER:
        return Finding(Level.STOP, chain.path.name, problem, "put it back where it belongs, and this home's own here")
    return Finding(Level.STOP, chain.path.name, problem, f"{FROM_WHAT_IS_LEFT}, {price}")


def _linked(chain: Chain, mend: bool) -> Iterator[Finding]:
    """Takes over a file of the older form; of any other remembers where it ends."""
    if not chain.is_older_form():
        if mend:
            chain.settle()
        return
    problem = "its lines do not hold together, as an earlier version wrote them"
    if mend:
        lines = chain.read()
        chain.rewrite(lines)
        yield Finding(Level.MENDED, chain.path.name, problem, f"{len(lines)} lines taken over, each with a hash")
    else:
        yield Finding(Level.WARNING, chain.path.name, problem, "the next run links them by hashes")


def _is_empty(chain: Chain) -> bool:
    """Whether there is nothing of it: no byte, or no finished line and none that is remembered."""
    if not chain.path.exists() or not chain.path.stat().st_size:
        return True
    return not chain.has_lines() and not chain.remembered()


def _standing(home: Home) -> Iterator[tuple[str, bool]]:
    """What a home has once files came, and whether it is there."""
    yield "archive/", any(home.archive.glob("??/*"))
    yield "warehouse/", home.warehouse.exists() and _has_files(home)
    yield "tombstones.jsonl", home.tombstones.exists()
    yield "decisions.jsonl", home.decisions.exists()


def _has_files(home: Home) -> bool:
    try:
        with warehouse.connect(home.warehouse, read_only=True) as con:
            return bool(con.execute("select count(*) from raw.files").fetchall()[0][0])
    except duckdb.CatalogException:
        return False
    except (duckdb.Error, LockHeld, UserError):
        return True


def _witness(home: Home, chain: Chain) -> Head | None:
    """Where the file ended as the warehouse has it: state/ may be gone, or an older copy too."""
    if not home.warehouse.exists():
        return None
    try:
        with warehouse.connect(home.warehouse, read_only=True) as con:
            return generation.marked(con, chain.path)
    except (duckdb.Error, LockHeld, UserError):
        return None
