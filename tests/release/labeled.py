"""The tables of schema core that tell how many persons a label has."""

from __future__ import annotations

import duckdb

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY

LABELED = (
    "person_slices",
    "seat_changes",
    "course_starts",
    "first_completions",
    "application_decisions",
    "applicants",
    "member_outcomes",
    "session_attendances",
    "requests",
    "mission_members",
    "missions",
    "leaderboard_places",
    "survey_population",
)


def make_labeled(con: duckdb.DuckDBPyConnection) -> None:
    """Makes them, empty."""
    for name in LABELED:
        warehouse.create(con, TABLE_BY_KEY[f"core.{name}"])


def add(con: duckdb.DuckDBPyConnection, name: str, **values: object) -> None:
    """A row of one of them, of which nothing else matters."""
    con.execute(f"alter table core.{name} rename to {name}_full")
    con.execute(f"create table core.{name} as select * from core.{name}_full")  # without what must not be NULL
    con.execute(f"drop table core.{name}_full")
    columns, places = ", ".join(values), ", ".join("?" * len(values))
    con.execute(f"insert into core.{name} ({columns}) values ({places})", list(values.values()))
