"""``fellowship explain``: its arguments and what it prints.

Belongs here: the command. Does not belong here: what it says (``explaining``), how that looks (``shown``).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home

WRONG = 1


def explain(
    home: Annotated[Path, typer.Argument(metavar="HOME", help="The program's home directory.")],
    kpi: Annotated[str, typer.Argument(metavar="KPI", help="A headline, or TABLE.COLUMN of a rate.")],
    *,
    slices: Annotated[
        list[str] | None,
        typer.Option("--slice", metavar="K=V", help="Of a slice, or a key of the table's rows; may be repeated."),
    ] = None,
    day: Annotated[str | None, typer.Option("--day", metavar="D", help="A day or month; the latest.")] = None,
    is_published: Annotated[
        bool, typer.Option("--published", help="Also what stands in published/current, and why it is withheld.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, for a machine.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on stdout, a row for each line of evidence.")] = False,
) -> None:
    """Takes a figure apart: what it means, whom it counts, and the lines of files that say so."""
    if as_json and as_csv:
        raise UserError("--json or --csv: one of them")
    from fellowship_pipeline.explain import shown  # noqa: PLC0415 - DuckDB and pandas take a while to import
    from fellowship_pipeline.explain.explaining import explain as explained  # noqa: PLC0415 - as above

    place = Home(home)
    if not place.program_file.exists():
        raise UserError(f"{home} is no home: it has no program.yaml")
    found = explained(place, kpi, slices or [], day, is_published=is_published)
    if as_json:
        typer.echo(json.dumps(shown.document(found), default=str, ensure_ascii=False))
    elif as_csv:
        shown.write_csv(sys.stdout, found)
    else:
        console = Console()
        for part in shown.on_terminal(found):
            console.print(part, soft_wrap=True)
    if not found.agrees:
        raise typer.Exit(WRONG)
