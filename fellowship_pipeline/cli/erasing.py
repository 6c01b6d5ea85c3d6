"""``fellowship erase``: a person removed from everything that is kept.

Belongs here: its arguments, its question, what it says. Does not belong here: any work.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from fellowship_pipeline import health
from fellowship_pipeline.cli.wording import HomePath, Wait, say, say_findings, say_waiting
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.program import load_program

if TYPE_CHECKING:
    from fellowship_pipeline.forgetting.erasure import Erased
    from fellowship_pipeline.program import Program

NOT_DONE = 1


def erase(
    home: HomePath,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="A member id, an alias or an e-mail address.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    landing: Annotated[bool, typer.Option("--landing", help="Destroy the copies in landing/, too.")] = False,
    requested: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="When it was asked for; today.")
    ] = None,
    wait: Wait = 600,
) -> None:
    """Removes a person from everything that is kept, proves it, and says so in words to send on."""
    place = Home(home)
    program = load_program(home)
    from fellowship_pipeline.forgetting import erasure  # noqa: PLC0415 - loads pyarrow

    def rebuilt() -> bool:
        from fellowship_pipeline.run import run_home  # noqa: PLC0415 - Dagster takes a second to import

        try:
            return run_home(place, program, wait=wait).ok
        except UserError as error:
            say(f"error: {error}")
            return False

    with hold(place.state, wait, say_waiting):
        say_findings(health.begin(place))
        planned = erasure.plan(place, program, member)
        for line in planned.lines():
            say(line)
        if not yes:
            typer.confirm(f"Erase '{member}' for good?", abort=True, err=True)
        asked_on = requested.date() if requested else None
        erased = erasure.erase(place, program, planned, rebuilt, landing=landing, requested=asked_on)
    say_finished(program, erased.earlier)
    for line in erased.lines():
        say(line)
    if not erased.is_done:
        raise typer.Exit(NOT_DONE)
    for language in program.languages:
        typer.echo(erased.notice(language))


def say_finished(program: Program, finished: Iterable[Erased]) -> None:
    """What came of erasures that had broken off: their proof, and the words to send on."""
    for erased in finished:
        say("an erasure that was interrupted is finished")
        lines = [*erased.lines(), *(erased.notice(language) for language in program.languages if erased.is_done)]
        for line in lines:
            say(line)
