"""What keeps programs apart that share one Dagster: a code location, a name before the keys of assets, a pool each.

Belongs here: how those are called, and how a location is told its home. Does not belong here: Dagster, or which
programs share one (``cli.workspace``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

POOL = "warehouse"
"""The concurrency pool of everything that opens the warehouse: one step at a time, across runs."""

MODULE = "fellowship_pipeline.definitions"
"""The module that every code location loads."""


@dataclass(frozen=True)
class Apart:
    """A program on a Dagster: ``name`` is that of its code location, nothing where the Dagster is its alone."""

    name: str = ""

    @property
    def prefix(self) -> Sequence[str]:
        """What stands before layer and table in the key of an asset."""
        return [self.name] if self.name else []

    @property
    def pool(self) -> str:
        """The pool of its warehouse."""
        return f"{POOL}_{self.name}" if self.name else POOL


ALONE = Apart()
"""A program whose Dagster is its alone, as that of ``fellowship run`` is."""


@dataclass(frozen=True)
class Location:
    """A code location of a program: its home, an absolute path, and its name.

    A workspace file gives a location a module and the name of an attribute, and no environment of its own; so the home
    is said in that name.
    """

    home: str
    name: str

    @property
    def attribute(self) -> str:
        """The name of the attribute of ``MODULE`` that are this location's definitions."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, attribute: str) -> Location | None:
        """The location that an attribute's name says; None where it says none."""
        try:
            return cls(**json.loads(attribute))
        except (ValueError, TypeError):
            return None
