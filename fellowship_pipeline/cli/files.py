"""``fellowship files``, ``fellowship map`` and ``fellowship check``: what came, and what any file could be.

Belongs here: their arguments and tables. Does not belong here: any work.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from fellowship_pipeline import health, terminal
from fellowship_pipeline.cli.wording import HomePath, JsonOption, Wait, echo_json, say, say_findings, say_waiting, show
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.landing.ledger import RECOVERED, Ledger, Listed, Verb
from fellowship_pipeline.program import load_program
from fellowship_pipeline.terminal import printable

FilePath = Annotated[Path, typer.Argument(metavar="FILE", help="The file, as it was downloaded.")]
OneSource = Annotated[str | None, typer.Option(metavar="S", help="Only this canonical source.")]


def list_or_decide(
    home: HomePath,
    action: Annotated[Verb | None, typer.Argument(help="A decision; left out: all are listed.")] = None,
    file_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="The file, or the first letters; recovered: all such.")
    ] = None,
    *,
    as_json: JsonOption = False,
    wait: Wait = 600,
) -> None:
    """Lists what came and what became of it; or decides on a file."""
    place = Home.existing(home)
    ledger = Ledger(place.ledger)
    if action is None:
        say_findings(found for found in health.look(place) if found.level is health.Level.STOP)
        listed = ledger.state().listed()
    elif file_id is None:
        raise UserError(f"{action} which file? `fellowship files {home}` lists their ids")
    else:
        with hold(place.state, wait, say_waiting):
            health.refuse(health.look(place))
            listed = ledger.decide_recovered(action) if file_id == RECOVERED else [ledger.decide(action, file_id)]
        say("the next run acts on it")
    if as_json:
        echo_json({"files": [dataclasses.asdict(file) for file in listed]})
    elif listed:
        show([_table(listed)])
    else:
        say("nothing came yet; `fellowship run` takes in what lies in landing/")


def _table(listed: Iterable[Listed]) -> Table:
    fixed = [Column(name, no_wrap=True) for name in ("id", "source", "status")]
    table = Table(*fixed, Column("rows", justify="right"), "first seen", "path", "reason", box=None)
    for file in listed:
        seen = f"{file.first_seen:%Y-%m-%d %H:%M}" if file.first_seen else ""
        rows = "" if file.rows is None else f"{file.rows:,}"
        cells = (file.id, file.source or "", file.status, rows, seen, file.path, file.reason or "")
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def map_file(file: FilePath, *, source: OneSource = None, as_json: JsonOption = False) -> None:
    """Proposes a mapping for any file: what it could be, and the lines of program.yaml to paste."""
    from fellowship_pipeline.intake.proposal import propose  # noqa: PLC0415 - readers take a while to import

    proposed = propose(file, source)
    if as_json:
        echo_json(proposed.document())
    else:
        show(terminal.proposals(proposed))


def check(
    file: FilePath,
    *,
    home: Annotated[Path | None, typer.Option(metavar="HOME", help="The program to try it in; only read.")] = None,
    source: OneSource = None,
    as_json: JsonOption = False,
) -> None:
    """Tries one file without loading it: what a run would make of it."""
    from fellowship_pipeline.intake.trial import try_file, try_proposed  # noqa: PLC0415 - as above

    if not file.is_file():
        raise UserError(f"{file} is no file")
    tried = try_proposed(file, source) if home is None else try_file(file, load_program(home), Home(home), source)
    if as_json:
        echo_json({"trials": [dataclasses.asdict(trial) | {"loadable": trial.loadable} for trial in tried]})
    else:
        show(terminal.trials(tried))
    for trial in tried:
        if not trial.loadable:
            raise UserError(f"{file.name} would not be loaded into {trial.source}: {trial.reason or trial.status}")
