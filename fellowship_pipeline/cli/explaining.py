"""``fellowship explain``: its arguments and what it prints.

Belongs here: the command. Does not belong here: what it says (``explain.explaining``), how that looks
(``explain.shown``).
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from fellowship_pipeline.cli.wording import HomePath, JsonOption, echo_json, say, show
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import load_program

WRONG = 1


def explain(
    home: HomePath,
    kpi: Annotated[str, typer.Argument(metavar="KPI", help="A headline, or TABLE.COLUMN of a rate.")],
    *,
    slices: Annotated[
        list[str] | None,
        typer.Option("--slice", metavar="K=V", help="Of a slice, or a key of the table's rows; may be repeated."),
    ] = None,
    day: Annotated[
        str | None, typer.Option("--day", metavar="D", help="A day, a month, or `previous`; the latest.")
    ] = None,
    is_published: Annotated[
        bool, typer.Option("--published", help="Also what stands in published/current, and why it is withheld.")
    ] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on stdout, a row for each line of evidence.")] = False,
) -> None:
    """Takes a figure apart: what it means, whom it counts, and the lines of files that say so."""
    if as_json and as_csv:
        raise UserError("--json or --csv: one of them")
    from fellowship_pipeline import warehouse  # noqa: PLC0415 - DuckDB and pandas take a while to import
    from fellowship_pipeline.explain import shown  # noqa: PLC0415 - as above
    from fellowship_pipeline.explain.explaining import explain as explained  # noqa: PLC0415 - as above
    from fellowship_pipeline.intake.reading import generation  # noqa: PLC0415 - as above

    place = Home.existing(home)
    found = explained(place, kpi, slices or [], day, is_published=is_published)
    if as_json:
        echo_json(shown.document(found))
    elif as_csv:
        shown.write_csv(sys.stdout, found)
    else:
        show(shown.on_terminal(found))
    with warehouse.connect(place.warehouse, read_only=True) as con:
        if other := generation.of_another_day(con, load_program(home)):
            say(f"warning: {other}")
    if not found.agrees:
        raise typer.Exit(WRONG)
