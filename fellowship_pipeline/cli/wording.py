"""What the commands share: their common arguments, and words and tables on the terminal.

Belongs here: that. Does not belong here: a command (the modules beside), how a proposal or a trial looks
(``terminal``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from fellowship_pipeline import health
from fellowship_pipeline.terminal import printable

PIPE_WIDTH = 400

HomePath = Annotated[Path, typer.Argument(metavar="HOME", help="The program's home directory.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, for a machine.")]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for another run (0: do not wait).")]


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


def say(line: str) -> None:
    """One line on stderr."""
    typer.echo(printable(line), err=True)
