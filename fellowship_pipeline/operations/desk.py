"""What the sections of both kinds of pages ask: the warehouse, the program, the languages.

Belongs here: running a SELECT of this package. Does not belong here: what any section makes of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import duckdb

from fellowship_pipeline.operations.blocks import MOST_ROWS, ListRow
from fellowship_pipeline.operations.speech import Speech
from fellowship_pipeline.operations.tables import PREFIX, select
from fellowship_pipeline.program import Program


@dataclass(frozen=True)
class Desk:
    """Where pages are made: ``con`` has the lists as temporary tables (``tables.make_lists``)."""

    con: duckdb.DuckDBPyConnection
    program: Program
    place: str
    """The home, as a command names it."""
    run_id: str

    @cached_property
    def say(self) -> Speech:
        """The page's languages."""
        return Speech(self.program.languages)

    @cached_property
    def as_of(self) -> date:
        """The day at whose end everything stands so."""
        (day,) = self.con.execute("select as_of from core.parameters").fetchall()[0]
        return date.fromisoformat(str(day))

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The program's name by language."""
        return {language: self.program.program.title(language) for language in self.program.languages}

    @cached_property
    def unit(self) -> str:
        """What learning is measured by: xp, minutes or days."""
        (has_xp, has_minutes) = self.con.execute("select has_xp, has_minutes from core.measured").fetchall()[0]
        return "xp" if has_xp else "minutes" if has_minutes else "days"

    def has(self, *sources: str) -> bool:
        """Whether one of the sources is configured."""
        return any(source in self.program.sources for source in sources)

    def ask(self, name: str, **values: object) -> list[ListRow]:
        """The rows of ``selects/NAME.sql``."""
        return self._rows(select("selects", name), values)

    def first(self, name: str, where: str = "true", most: int = MOST_ROWS) -> list[ListRow]:
        """The first rows of a list, those for which a literal condition holds."""
        return self._rows(f"select * from {PREFIX}{name} where {where} limit $most", {"most": most})

    def count(self, name: str, where: str = "true") -> int:
        """How many rows of a list there are for which a literal condition holds."""
        (count,) = self.con.execute(f"select count(*) from {PREFIX}{name} where {where}").fetchall()[0]
        return int(count)

    def _rows(self, query: str, values: Mapping[str, object]) -> list[ListRow]:
        result = self.con.execute(query, values)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
