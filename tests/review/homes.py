"""A home of which everything but the checks and the page is made, without Dagster: small enough for many months."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assets.core.settings import write_decisions, write_settings
from assets.publication.warnings import warnings
from assets.sql import made_tables
from assets.versions import make_stale, stamping
from fellowship_pipeline import health
from fellowship_pipeline.contracts import (
    DECISION_TABLES,
    META_TABLES,
    RAW_TABLES,
    SETTINGS_TABLES,
    STAGING_TABLES,
    TABLE_BY_KEY,
)
from fellowship_pipeline.forgetting.reading import forget_and_read
from fellowship_pipeline.health.warehouse import used
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.warehouse import connect, facts
from tests.intake.homes import Place

RULE = {"id": "xp-1000", "from": "2022-02", "minimum_xp": 1000}
SOURCES = {name: [{"files": f"landing/{name}*.csv"}] for name in ("roster", "seat_events", "activity", "aliases")}


def fellowship(path: Path, **settings: Any) -> Place:
    """A home whose program asks for 1,000 XP a month from February 2022 on."""
    place = Place(path)
    place.home.landing.mkdir(parents=True)
    place.configure(SOURCES, **{"review": {"rules": [RULE]}, "timezone": "UTC"} | settings)
    return place


def ran(place: Place) -> list[str]:
    """What `fellowship run` makes up to the tables; the warnings that it gives."""
    home, program = place.home, place.program()
    with hold(home.state, 0):
        health.begin(home)
        arrivals = place.take_in()
        with used(home), connect(home.warehouse) as con:
            with stamping(con, (*RAW_TABLES, *META_TABLES)):
                forget_and_read(con, home, program, arrivals)
            with stamping(con, (*META_TABLES, *STAGING_TABLES, TABLE_BY_KEY["ops.unmatched"])):
                stage(con, program)
            generation.mark_staged(con)
            with stamping(con, (*SETTINGS_TABLES, *DECISION_TABLES)):
                write_settings(con, program, None)
                write_decisions(con, home)
            generation.mark_settled(con, home, program, None)
            known = facts.known(con)
            for key in made_tables():
                make_stale(con, key, known)
            return [warning["en"] for warning in warnings(con, home, program, named=True)]


def rows(place: Place, query: str) -> list[tuple[Any, ...]]:
    with connect(place.home.warehouse, read_only=True) as con:
        return con.execute(query).fetchall()


def activity(*days: str, **xp: float) -> str:
    """Activity of members on the first of those days; on the others of somebody whom no seat has."""
    lines = [f"{member},{days[0]}T09:00:00,{amount}" for member, amount in xp.items()]
    return "\n".join(["member,occurred_at,xp", *lines, *(f"other,{day}T09:00:00,1" for day in days), ""])


def month(year_and_month: str, days: int = 31) -> list[str]:
    return [f"{year_and_month}-{day:02}" for day in range(1, days + 1)]
