"""``fellowship doctor``: its arguments, what it says, its exit codes.

Belongs here: that. Does not belong here: any examination (``doctor``).
"""

from __future__ import annotations

from contextlib import ExitStack

import typer

from fellowship_pipeline.cli.wording import HomePath, JsonOption, Wait, counted, echo_json, say, say_waiting
from fellowship_pipeline.health import Level
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.program import load_program
from fellowship_pipeline.terminal import printable

FOUND = 1


def doctor(home: HomePath, *, as_json: JsonOption = False, wait: Wait = 600) -> None:
    """Says everything that will hurt, a line each with what to do, first what stops a run. It changes nothing.

    Exit 0: nothing found; 1: something; 2: it could not look; 3: a run held the home.
    """
    place, program = Home(home), load_program(home)
    from fellowship_pipeline.doctor import examine  # noqa: PLC0415 - loads DuckDB and the warnings

    with ExitStack() as held:
        if place.state.is_dir():
            held.enter_context(hold(place.state, wait, say_waiting))
        found = sorted(examine(place, program), key=lambda one: one.level is not Level.STOP)
    if as_json:
        documents = [
            {"level": one.level.value, "place": one.place, "problem": one.problem, "remedy": one.remedy}
            for one in found
        ]
        echo_json({"home": str(home), "found": documents})
    for one in () if as_json else found:
        typer.echo(printable(f"{one.level.value}: {one.line()}"))
    say(f"{counted(len(found), 'thing')} found" if found else "nothing found")
    if found:
        raise typer.Exit(FOUND)
