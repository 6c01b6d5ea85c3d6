"""A warehouse with the tables of a tiny literal program."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from assets.sql import made_tables, run_models, upstream
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.program.rows import VOCABULARIES


class Tiny:
    """A warehouse with the tables of a tiny program; times are UTC, the program's zone is Asia/Seoul (+9)."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        con.execute("set threads = 1")
        for name, rows in VOCABULARIES.items():
            warehouse.write_rows(con, TABLE_BY_KEY[f"core.{name}"], rows)
        self.given: dict[str, list[dict[str, Any]]] = {}
        self.add("core.mission_roles", role="learner")
        self.add("core.parameters", as_of=date(2022, 4, 30), timezone="Asia/Seoul", window_days=30, recognition_top=3)

    def add(self, key: str, **values: Any) -> None:
        self.given.setdefault(key, []).append(values)

    def seat(self, member: str, event: str, at: str, pool: str = "p", known: bool = True) -> None:
        self.add(
            "staging.seat_events", member=member, member_id=member if known else None, event=event, pool=pool,
            occurred_at=datetime.fromisoformat(at), _file_id="f", _row=len(self.given.get("staging.seat_events", [])),
        )  # fmt: skip

    def learn(self, member: str, at: str, xp: float | None = None, course: str | None = None) -> None:
        self.add(
            "staging.activity", member=member, member_id=member, occurred_at=datetime.fromisoformat(at), xp=xp,
            course=course,
        )  # fmt: skip

    def cover(self, first: date, last: date) -> None:
        for number in range((last - first).days + 1):
            self.add("core.coverage", day=first + timedelta(number), is_cumulative=False)

    def rows(self, key: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
        read = {table for made in upstream([key]) for table in made_tables()[made].reads}
        for name in read - made_tables().keys() - {f"core.{name}" for name in VOCABULARIES}:
            warehouse.create(self.con, TABLE_BY_KEY[name])
        for name, given in self.given.items():
            table = TABLE_BY_KEY[name]
            warehouse.write_rows(self.con, table, [[row.get(c) for c in table.column_names] for row in given])
        run_models(self.con, [key])
        found: list[tuple[Any, ...]] = self.con.table(key).filter(where).project(columns).order("all").fetchall()
        return found
