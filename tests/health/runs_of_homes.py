"""What `fellowship run` does up to staging, under the home's examination: small enough to be done many times."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from assets.publication.warnings import expiries
from fellowship_pipeline import health
from fellowship_pipeline.forgetting.reading import forget_and_read
from fellowship_pipeline.health.warehouse import used
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.warehouse import connect
from tests.intake.homes import Place

ACTIVITY = "member,occurred_at,xp\nm1,2026-02-0{},10\n"


def ran(place: Place, *, destroys_now: bool = False) -> list[str]:
    """One run; what its examination said."""
    with hold(place.home.state, 0):
        found = [finding.line() for finding in health.begin(place.home)]
        with used(place.home):
            arrivals = place.take_in()
            with connect(place.home.warehouse) as con:
                forget_and_read(con, place.home, place.program(), arrivals, destroys_now=destroys_now)
                stage(con, place.program())
    return found


def rows(place: Place, query: str) -> list[tuple[Any, ...]]:
    with connect(place.home.warehouse, read_only=True) as con:
        return con.execute(query).fetchall()


def statuses(place: Place) -> dict[str, tuple[str, int]]:
    """Of every file its status and how many of its records are staged."""
    found = rows(place, "select path, status, staged from raw.files order by path")
    return {path.removeprefix("landing/"): (status, staged) for path, status, staged in found}


def said(place: Place) -> list[str]:
    """What the run warns of for the sake of retention."""
    with connect(place.home.warehouse, read_only=True) as con:
        return [line["en"] for line in expiries(con, place.home, place.program())]


def changed(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    """The lines of a file put through a function."""
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))
