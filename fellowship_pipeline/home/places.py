"""Where a program's files lie: the places of HOME, and nothing about what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fellowship_pipeline.errors import UserError

CURRENT = "current"
"""The link, in a folder of generations, to the one that readers see."""


@dataclass(frozen=True)
class Home:
    """A program's home directory. Every place is a property; nothing is created here."""

    path: Path

    @classmethod
    def existing(cls, path: Path) -> Home:
        """The home that is there. Raises UserError where the path leads to no ``program.yaml``."""
        home = cls(path)
        if not home.program_file.is_file():
            raise UserError(
                f"{path} is no home: it has no program.yaml; "
                "name the folder that has it, or make one with `fellowship init`"
            )
        return home

    @property
    def program_file(self) -> Path:
        """``program.yaml``: the program, its policies, its sources."""
        return self.path / "program.yaml"

    @property
    def schema_file(self) -> Path:
        """``program.schema.json``: by what an editor completes and checks the program file."""
        return self.path / "program.schema.json"

    @property
    def landing(self) -> Path:
        """Exports, as they came; only read."""
        return self.path / "landing"

    @property
    def archive(self) -> Path:
        """Content-addressed originals."""
        return self.path / "archive"

    @property
    def ledger(self) -> Path:
        """Append-only record of what came."""
        return self.path / "ledger.jsonl"

    @property
    def warehouse(self) -> Path:
        """The private DuckDB file."""
        return self.path / "warehouse" / "fellowship.duckdb"

    @property
    def published(self) -> Path:
        """What anybody may have; ``current`` in it is the latest."""
        return self.path / "published"

    @property
    def release(self) -> Path:
        """The latest of what anybody may have."""
        return self.published / CURRENT

    @property
    def other_days(self) -> Path:
        """What was made as of other days than the data reached, a folder each, named by the day."""
        return self.published / "as-of"

    @property
    def operations(self) -> Path:
        """Pages and lists with persons; ``current`` in it is the latest."""
        return self.path / "operations"

    @property
    def lists(self) -> Path:
        """The latest of pages and lists with persons."""
        return self.operations / CURRENT

    @property
    def reviews(self) -> Path:
        """Seat reviews with persons, a file per month."""
        return self.operations / "reviews"

    @property
    def decisions(self) -> Path:
        """Confirmed seat reviews."""
        return self.path / "decisions.jsonl"

    @property
    def tombstones(self) -> Path:
        """Keyed hashes of the names of erased persons; append-only."""
        return self.path / "tombstones.jsonl"

    @property
    def state(self) -> Path:
        """Release memory and lock."""
        return self.path / "state"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME of ``fellowship run``."""
        return self.path / "dagster"
