"""What time it is: the one place that asks this machine, so that a test can say otherwise.

Belongs here: asking. Does not belong here: whether the answer is to be believed (``intake.landing.moments``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

source: Callable[[], datetime] = partial(datetime.now, UTC)
"""What is asked; tests put another clock in its place."""


def now() -> datetime:
    """This machine's idea of the moment, in UTC."""
    return source()
