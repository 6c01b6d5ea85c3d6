"""What the commands share: their common arguments, and words and tables on the terminal.

Belongs here: that, and which days may be asked for. Does not belong here: a command (the modules beside), how a
proposal or a trial looks (``terminal``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from fellowship_pipeline import health
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import clock
from fellowship_pipeline.terminal import printable

if TYPE_CHECKING:
    from fellowship_pipeline.program import Program

PIPE_WIDTH = 400

HomePath = Annotated[Path, typer.Argument(metavar="HOME", help="The program's home directory.")]


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day: write it as 2022-09-30") from None


AsOf = Annotated[datetime | None, typer.Option(parser=_day, metavar="DATE", help="The day to see the program at.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, for a machine.")]
Wait = Annotated[
    float, typer.Option(min=0, metavar="SECONDS", help="Seconds to wait for another run (0: do not wait).")
]


def day_asked(as_of: datetime | None, program: Program, *, allow_future: bool = False) -> date | None:
    """The day of ``--as-of``. Raises UserError where it is yet to come in the program's time zone."""
    if as_of is None:
        return None
    day, today = as_of.date(), clock.now().astimezone(ZoneInfo(program.timezone)).date()
    if day > today and not allow_future:
        raise UserError(f"--as-of {day} is yet to come, today is {today} in {program.timezone}: see --allow-future")
    return day


def show(parts: Iterable[RenderableType], *, err: bool = False) -> None:
    """Tables and texts on stdout, or on stderr; in a pipe without a terminal's width."""
    stream = sys.stderr if err else sys.stdout
    console = Console(stderr=err, width=None if stream.isatty() else PIPE_WIDTH)
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, Text))


def echo_json(document: dict[str, object]) -> None:
    """One JSON object on stdout."""
    typer.echo(json.dumps(document, default=str, ensure_ascii=False))


def say_waiting(what: str) -> None:
    """That the home is waited for."""
    say(f"waiting: {what}")


def say_findings(found: Iterable[health.Finding]) -> None:
    """A line per finding on stderr."""
    for finding in found:
        say(f"{finding.level.value}: {finding.line()}")


def counted(number: int, what: str) -> str:
    """``1 warning``, ``2 warnings``."""
    return f"{number} {what}" + ("" if number == 1 else "s")


def say(line: str) -> None:
    """One line on stderr."""
    typer.echo(printable(line), err=True)
