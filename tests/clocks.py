"""A clock that a test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fellowship_pipeline.home import clock


class SetClock:
    """Stands still until it is set or moved."""

    def __init__(self, patch: pytest.MonkeyPatch, at: datetime) -> None:
        self.at = at.astimezone(UTC)
        patch.setattr(clock, "source", lambda: self.at)

    def move(self, **by: float) -> None:
        """Forward, or back, by days, hours …"""
        self.at += timedelta(**by)
