"""What is told at once: blocking checks that fail, and reviews that nobody has confirmed for a week.

Belongs here: finding them, and the digest that begins with them. Does not belong here: whom that goes to (``sending``),
what has been told already (``alarm_sensor``). No person's value is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from checks.remembered import remembered
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.digest.contents import MOST_LINES, Digest, digest, failed
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home, decisions
from fellowship_pipeline.program import Program
from fellowship_pipeline.warehouse import facts

PATIENCE = timedelta(days=7)
"""How long after its 1st a review may stay unconfirmed."""


@dataclass(frozen=True)
class Alarms:
    """What is the case.

    ``failing``: what a check means when it fails, by language, by ``schema.table: check``; ``unknown``: tables that
    were not checked as they are; ``unconfirmed``: review months (their 1st), the latest first.
    """

    failing: Mapping[str, Mapping[str, str]]
    unknown: Collection[str]
    unconfirmed: tuple[date, ...]


def alarms(con: duckdb.DuckDBPyConnection, home: Home, today: date) -> Alarms:
    """What the tables and ``decisions.jsonl`` say. ``today``: in the program's time zone."""
    known = facts.known(con)
    failing: dict[str, Mapping[str, str]] = {}
    unknown = set()
    for table in TABLES:
        results = remembered(table, known)
        if results is None:
            unknown.add(table.key)
        for result in results or ():
            if not result.passed and result.severity == "critical":
                failing[f"{table.key}: {result.name}"] = result.words.model_dump()
    issued = {decision.review_month for decision in decisions.load(home).issued}
    due = "select distinct review_month from ops.seat_reviews where review_month <= ? order by review_month desc"
    months = (month for (month,) in con.execute(due, [today - PATIENCE]).fetchall())
    return Alarms(failing, unknown, tuple(month for month in months if month not in issued))


def message(home: Home, program: Program, failing: Mapping[str, Mapping[str, str]], months: Collection[date]) -> Digest:
    """The digest, those checks and reviews before it; without the rest of it where nothing is published yet."""
    words = Voice(program.languages[0])
    lines = []
    if failing:
        lines.append(failed(failing, words))
    if months:
        latest = max(months)
        lines.append(words("digest.unconfirmed", month=words.month(latest), argument=f"{latest:%Y-%m}"))
        if len(months) > 1:
            lines.append(words("digest.unconfirmed_before", count=len(months) - 1))
    try:
        usual = digest(home, program, 0)
    except UserError:
        usual = Digest(program.program.title(words.language), ())
    others = (line for line in usual.lines if not any(told in line for told in lines))
    return Digest(usual.title, (*lines, *others)[: MOST_LINES - 1])
