"""Whether the clock of this machine can be right, as far as the ledger tells.

Belongs here: comparing now with the last entry. Does not belong here: what earlier entries are worth
(``intake.landing.moments``).
"""

from __future__ import annotations

from collections.abc import Iterator

from fellowship_pipeline.health.finding import Finding, Level
from fellowship_pipeline.home import Home, clock
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.intake.landing.moments import DAY, PAUSE, doubt

RAN = {"event": "ran"}
"""The entry of a run on a day on which there was none yet: it ends a pause, and tells how long it was."""

PLACE = "this machine's clock"


def examine(home: Home, mend: bool) -> Iterator[Finding]:
    """A finding where the clock lies before the last entry, or long after it; enters that there is a run."""
    ledger = Ledger(home.ledger)
    now, last = clock.now(), ledger.last_entry()
    if last is None:
        return
    if (reason := doubt(now, last)) is not None:
        problem, _, remedy = reason.removeprefix(f"{PLACE}: ").partition("; ")
        yield Finding(Level.STOP, PLACE, problem, remedy)
        return
    if now - last > PAUSE:
        problem = f"says {now:%Y-%m-%d %H:%M} UTC, {(now - last).days} days after the ledger's last entry"
        yield Finding(
            Level.WARNING, PLACE, problem, "set it if that is wrong; nothing is destroyed for retention today"
        )
    if mend and now - last > DAY:
        ledger.append([RAN])


def believe(home: Home) -> None:
    """Enters that the clock is right, although it lies before the last entry: what came after now is in doubt."""
    Ledger(home.ledger).append([RAN], is_clock_right=True)
