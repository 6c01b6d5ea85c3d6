"""What an examination says: where, what is wrong, what was done or has to be done.

Belongs here: the shape of a finding. Does not belong here: any examination.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """What a finding means for a run: it was mended; somebody should look; nothing may go on."""

    MENDED = "mended"
    WARNING = "warning"
    STOP = "stop"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. ``place``: relative to the home. Never a value.

    The path of a file may be a person's name: what is kept goes through ``nameless.without_names``.
    """

    level: Level
    place: str
    problem: str
    remedy: str

    def line(self) -> str:
        """The finding in one line."""
        return f"{self.place}: {self.problem}; {self.remedy}"
