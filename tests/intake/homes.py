"""A home on disk with a program.yaml and files in landing/, read into an in-memory warehouse."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.arrival import Arrivals, take_in
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import Program, load_program
from fellowship_pipeline.warehouse import connect


@dataclass
class Place:
    """A home whose landing folder a test fills."""

    path: Path

    @property
    def home(self) -> Home:
        return Home(self.path)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.home.ledger)

    def configure(self, sources: dict[str, Any], **settings: Any) -> None:
        text = {"program": {"id": "p"}, "timezone": "Asia/Seoul", "arrival": {"quiet_seconds": 0}, "sources": sources}
        self.home.program_file.write_text(yaml.safe_dump(text | settings, allow_unicode=True, sort_keys=False))

    def program(self) -> Program:
        return load_program(self.path)

    def land(self, files: dict[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.home.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def take_in(self) -> Arrivals:
        return take_in(self.home, self.program())

    @contextmanager
    def read(self) -> Any:
        """The warehouse after one arrival and one reading."""
        self.take_in()
        with connect(None) as con:
            read_into(con, self.home, self.program())
            yield con

    @contextmanager
    def staged(self) -> Any:
        """The warehouse after one arrival, one reading and staging."""
        with self.read() as con:
            stage(con, self.program())
            yield con

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.read() as con:
            return con.execute(query).fetchall()


def fetch(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return con.execute(query).fetchall()
