"""What may be kept of an exception: a user's mistake in its words, of anything else its kind and where it arose.

The messages of libraries quote values, and a value may be a person's; Dagster would keep, show and print them.
Belongs here: that it does not, and what is said instead. Does not belong here: what becomes of a run.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fellowship_pipeline.errors import LockHeld, UserError

REDACTION = {"DAGSTER_REDACT_USER_CODE_ERRORS": "1", "DAGSTER_DISABLE_TELEMETRY": "1"}
"""Environment in which Dagster keeps no message of an exception and sends nothing anywhere."""

LOGGER = logging.getLogger("dagster.redacted_errors")
"""Where Dagster tells what it does not keep."""

OURS = [Path(__file__).parents[1] / package for package in ("fellowship_pipeline", "assets", "checks")]
SAID = (UserError, LockHeld)
"""Exceptions whose words are written for people, without any value."""


class _Mask(logging.Filter):
    """Lets none of the logger's records through, so that none is printed, and tells those who listen.

    A filter, since Dagster sets up its loggers anew: handlers and propagation are lost then.
    """

    def __init__(self) -> None:
        super().__init__()
        self.listeners: list[Callable[[BaseException], None]] = []

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        while isinstance(error, Exception) and not isinstance(error, SAID) and error.__cause__ is not None:
            error = error.__cause__
        if error is not None:
            for tell in self.listeners:
                tell(error)
        return False


_MASK = _Mask()


def redact() -> None:
    """From now on Dagster in this process masks exceptions, and prints none of what it masks. No I/O."""
    os.environ.update(REDACTION)
    LOGGER.addFilter(_MASK)


@contextmanager
def listening(tell: Callable[[BaseException], None]) -> Iterator[None]:
    """Within the block ``tell`` is given every exception that Dagster masks: what arose, not what wraps it."""
    redact()
    _MASK.listeners.append(tell)
    try:
        yield
    finally:
        _MASK.listeners.remove(tell)


def words(error: BaseException) -> str:
    """One line about an exception, without any value of it."""
    if isinstance(error, SAID):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if any(Path(frame.filename).is_relative_to(package) for package in OURS)]
    for frame in (ours or frames)[-1:]:
        return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
    return type(error).__name__
