"""What a home remembers of its backups: where the last one is, and how long one is kept.

So that who erases a person, and who asks whether all is well, is told. Belongs here: that memory. Does not belong here:
backups (``backup``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fellowship_pipeline.home.memory import recall, remember
from fellowship_pipeline.home.places import Home


@dataclass(frozen=True)
class LastBackup:
    """The last backup that was made. ``place``: the folder of all; ``keep_days``: after how many days it is removed."""

    place: Path
    made: datetime
    keep_days: int


def last_backup(home: Home) -> LastBackup | None:
    """What the home remembers; None where no backup was ever made, or nothing is known of it."""
    said = recall(_memory(home)) or {}
    try:
        return LastBackup(Path(said["place"]), datetime.fromisoformat(said["made"]), int(said["keep_days"]))
    except (KeyError, TypeError, ValueError):
        return None


def remember_backup(home: Home, last: LastBackup) -> None:
    """Puts this backup in the place of what was remembered."""
    remember(_memory(home), {"place": str(last.place), "made": last.made.isoformat(), "keep_days": last.keep_days})


def _memory(home: Home) -> Path:
    return home.state / "backups.json"
