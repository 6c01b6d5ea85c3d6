"""``fellowship what-if``: what a rule would have done in past months, and what the pools will have.

Belongs here: its arguments, its tables, what it says. Does not belong here: any work.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import RenderableType
from rich.table import Column, Table
from rich.text import Text

from fellowship_pipeline import warehouse
from fellowship_pipeline.cli.wording import HomePath, JsonOption, Wait, echo_json, say, say_waiting, show
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.program import load_program
from fellowship_pipeline.terminal import printable

if TYPE_CHECKING:
    from assets.other_rules import Forecast, MonthTried, WhatIfAnswer

MONTHS = re.compile(r"(\d{4}-\d{2})(?:\.\.(\d{4}-\d{2}))?")
LONGEST = 60
"""Months that one question may be about."""

RATES = {
    "engagement_rate": "engagement",
    "platform_adoption_score": "platform adoption",
    "adoption_rate": "adoption",
    "seat_utilization": "utilization",
}


def what_if(
    home: HomePath,
    months: Annotated[
        list[str], typer.Argument(metavar="MONTH…", help="Review months, as 2022-09 or 2022-03..2022-09.")
    ],
    *,
    minimum_xp: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="XP asked for; left out: as in the rule in force.")
    ] = None,
    minimum_days: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Active days asked for; left out: the same.")
    ] = None,
    first_month: Annotated[
        Literal["exempt", "full", "prorated"] | None,
        typer.Option(help="Seats begun in the month reviewed; left out: the same."),
    ] = None,
    study_mode: Annotated[
        Literal["group", "individual", "all"] | None,
        typer.Option(help="Whom the rule is for, under a rule or not; left out: whom a rule in force is for."),
    ] = None,
    as_json: JsonOption = False,
    wait: Wait = 600,
) -> None:
    """Says what a rule of the seat review would have done, beside the rule in force. Changes nothing."""
    place, asked = Home(home), asked_months(months)
    program = load_program(home)
    from assets.other_rules import OtherRule, try_rule  # noqa: PLC0415 - loads the models
    from assets.publication.misnamed import beside_reviews  # noqa: PLC0415 - as above
    from fellowship_pipeline.intake.reading import generation  # noqa: PLC0415 - as above

    rule = OtherRule(minimum_xp, minimum_days, first_month, study_mode)
    if rule == OtherRule():
        raise UserError("expected a rule to try: --minimum-xp N, --minimum-days N, --first-month or --study-mode")
    if not place.warehouse.exists():
        raise UserError(f"{place.warehouse} is not there; `fellowship run {home}` makes it")
    with hold(place.state, wait, say_waiting), warehouse.connect(place.warehouse, read_only=True, wait=wait) as con:
        if lacking := warehouse.lacking(con, ("core.parameters", "ops.seat_reviews", "kpi.headlines", "kpi.seats")):
            raise UserError(f"{lacking[0]} is not there; `fellowship run {home}` makes it")
        answer = try_rule(con, rule, asked)
        doubts = beside_reviews(con, program)
        if other := generation.of_another_day(con, program):
            doubts.append(other)
    if not answer.months:
        raise UserError("; ".join(_not_reviewed(answer)) or "no such review")
    if as_json:
        echo_json({"rule": dataclasses.asdict(rule), **_document(answer), "doubts": doubts})
    else:
        show(_shown(answer))
    for line in (*_not_reviewed(answer), *doubts):
        say(f"warning: {line}")


def asked_months(texts: Sequence[str]) -> list[date]:
    """The months that arguments name, one by one or from … to, each once in order. Raises UserError for others."""
    found: set[date] = set()
    for text in texts:
        try:
            first, last = _span(text)
        except ValueError:
            raise UserError(f"expected a month as 2022-09 or months as 2022-03..2022-09, found '{text}'") from None
        if last < first:
            raise UserError(f"'{text}' ends before it begins")
        while first <= last and len(found) <= LONGEST:
            found.add(first)
            first = (first + timedelta(31)).replace(day=1)
    if len(found) > LONGEST:
        raise UserError(f"expected at most {LONGEST} months")
    return sorted(found)


def _span(text: str) -> tuple[date, date]:
    named = MONTHS.fullmatch(text)
    if named is None:
        raise ValueError(text)
    return date.fromisoformat(f"{named[1]}-01"), date.fromisoformat(f"{named[2] or named[1]}-01")


def _document(answer: WhatIfAnswer) -> dict[str, object]:
    document = dataclasses.asdict(answer)
    uncovered = {f"{month:%Y-%m}": [f"{day}" for day in days] for month, days in answer.uncovered.items()}
    return {**document, "uncovered": uncovered, "not_due": [f"{month:%Y-%m}" for month in answer.not_due]}


def _not_reviewed(answer: WhatIfAnswer) -> Iterator[str]:
    for month in answer.not_due:
        yield f"there is no seat review of {month:%Y-%m} as of {answer.as_of}"
    for month, days in answer.uncovered.items():
        yield f"no seat review of {month:%Y-%m}: activity is missing on {len(days)} days from {days[0]} to {days[-1]}"


def _shown(answer: WhatIfAnswer) -> Iterator[RenderableType]:
    numbers = [Column(name, justify="right") for name in ("reviewed", "exempt", "lose the seat", "taken back")]
    table = Table("review", "rule", *numbers, *(Column(name, justify="right") for name in RATES.values()), box=None)
    for month in answer.months:
        for name, tried in (("tried", month.tried), ("in force", month.in_force)):
            counts = (tried.reviewed, tried.exempt, tried.would_lose, tried.reclaimed)
            rates = (tried.figures.get(kpi, {}).get("value") for kpi in RATES)
            shown = ("" if rate is None else f"{rate:.1%}" for rate in rates)
            table.add_row(f"{month.review_month:%Y-%m}", name, *map(str, counts), *shown)
    yield table
    for month in answer.months:
        yield Text()
        yield Text(f"{month.review_month:%Y-%m}, rates as of {month.seen_on}: who would lose the seat", "bold")
        yield _losing(month)
    yield Text()
    yield Text("Seats next month if nothing changes and nobody learns any more until then", "bold")
    yield _forecasts(answer.forecast, answer.forecast_tried)


def _losing(month: MonthTried) -> Table:
    columns = ("member_id", "name", "pool", "study_mode", "xp", "active_days", "last_activity")
    table = Table(*columns, "tried", "in force", box=None)
    for row in month.losing:
        cells = ["" if row[column] is None else f"{row[column]}" for column in columns]
        decisions = (
            f"{row[f'{what}_decision']} ({row[f'{what}_reason']})" if row[f"{what}_decision"] else "not reviewed"
            for what in ("tried", "in_force")
        )
        table.add_row(*(Text(printable(cell)) for cell in (*cells, *decisions)))
    return table


def _forecasts(in_force: Sequence[Forecast], tried: Sequence[Forecast]) -> Table:
    columns = ("pool", "month", "rule", "capacity", "held", "invited", "to take back", "put off", "free")
    table = Table(*columns, box=None)
    for name, rows in (("in force", in_force), ("tried", tried)):
        for row in rows:
            numbers = (row.capacity, row.held, row.invited_open, row.to_reclaim, row.deferred, row.free)
            table.add_row(
                printable(row.pool), f"{row.month:%Y-%m}", name, *("" if one is None else f"{one}" for one in numbers)
            )
    return table
