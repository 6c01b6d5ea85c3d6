"""``fellowship report``: the published renewal report as PDF, its figures for slides.

Belongs here: its arguments, what it says. Does not belong here: any work.
"""

from __future__ import annotations

from typing import Annotated

import typer

from fellowship_pipeline.cli.wording import HomePath, JsonOption, Wait, echo_json, say, say_waiting
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold


def report(
    home: HomePath,
    *,
    term: Annotated[str | None, typer.Option("--term", metavar="T", help="A term that is over; the latest.")] = None,
    as_json: JsonOption = False,
    wait: Wait = 600,
) -> None:
    """Prints the renewal report that is published: PDF of each language, figures as SVG and PNG."""
    from fellowship_pipeline.report.printing import print_reports, published_reports  # noqa: PLC0415 - loads Kaleido

    place = Home.existing(home)
    with hold(place.state, wait, say_waiting):
        found = published_reports(place, term)
        written = print_reports(found)
    folder = found[0].page.parent
    if as_json:
        files = [path.relative_to(folder).as_posix() for path in written]
        echo_json({"folder": place.release, "term": found[0].term, "files": files})
        return
    for path in written:
        if path.suffix == ".pdf":
            typer.echo(place.release / path.name)
    figures = sum(path.suffix == ".svg" for path in written)
    say(f"{figures} figures as SVG and PNG: {place.release / 'figures'}")
