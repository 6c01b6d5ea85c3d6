"""Whether a home is sound: what is examined before every run, and what is mended there.

Each module examines one thing and knows how to mend it. :func:`begin` asks all of them under the home's lock, in an
order in which nothing is read before it was found sound. Belongs here: examinations, and what they mend without losing
anything. Does not belong here: what a run does, or the words of a terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.health import (
    archive,
    clock,
    dagster_storage,
    ledger,
    memory,
    permissions,
    places,
    publication,
    warehouse,
)
from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.health.rebuilding import rebuild
from fellowship_pipeline.home import Home

__all__ = ["EXAMINATIONS", "Finding", "Level", "begin", "believe", "examine", "look", "rebuild", "refuse"]

Examination = Callable[[Home, bool], Iterator[Finding]]
"""Examines a home; mends what it can where the second argument says so."""

EXAMINATIONS: tuple[Examination, ...] = (
    places.examine,
    permissions.examine,
    memory.examine,
    ledger.examine,
    clock.examine,
    publication.examine,
    warehouse.examine,
    archive.examine,
    dagster_storage.examine,
)
"""In the order in which they are asked: what a later one reads, an earlier one has found sound."""


def begin(home: Home) -> list[Finding]:
    """Examines and mends; the caller holds the home's lock and starts a run next.

    Raises UserError with the first finding that stops a run.
    """
    return refuse(examine(home, mend=True))


def believe(home: Home) -> list[Finding]:
    """Enters that the clock is right, as an operator says, in a ledger that was found whole; what was said of it."""
    found = refuse(ledger.examine(home, mend=True))
    clock.believe(home)
    return found


def examine(home: Home, *, mend: bool) -> Iterator[Finding]:
    """What every examination finds, in their order."""
    for examination in EXAMINATIONS:
        yield from examination(home, mend)


def look(home: Home) -> Iterator[Finding]:
    """What is wrong with the ledger, the tombstones or the decisions: all that a command needs that runs nothing."""
    return ledger.examine(home, mend=False)


def refuse(found: Iterable[Finding]) -> list[Finding]:
    """The findings; raises UserError with the first one that nothing may go on with."""
    passed = []
    for finding in found:
        if finding.level is Level.STOP:
            raise UserError(finding.line())
        passed.append(finding)
    return passed
