"""``fellowship init`` and ``fellowship run``.

Belongs here: their arguments, progress, the summary on the terminal. Does not belong here: any work.
"""

from __future__ import annotations

import dataclasses
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from fellowship_pipeline import health, terminal
from fellowship_pipeline.cli.erasing import say_finished
from fellowship_pipeline.cli.wording import (
    AsOf,
    HomePath,
    JsonOption,
    Wait,
    counted,
    day_asked,
    echo_json,
    say,
    say_findings,
    say_waiting,
    show,
)
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.init import new_home
from fellowship_pipeline.program import load_program
from fellowship_pipeline.program.engine import NO_SPARK

if TYPE_CHECKING:
    from fellowship_pipeline.standing import RunSummary

CHECK_FAILED = 1


class Engine(Enum):
    """What makes the tables."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def init(
    home: HomePath,
    example: Annotated[str | None, typer.Option(metavar="NAME", help="An example to begin with.")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the example's real data lie.")] = None,
) -> None:
    """Makes a new home with a commented program.yaml."""
    new_home(home, example, data)
    typer.echo(home)


def run(
    home: HomePath,
    *,
    as_of: AsOf = None,
    allow_future: Annotated[
        bool, typer.Option("--allow-future", help="Let --as-of be a day that is yet to come.")
    ] = False,
    select: Annotated[str | None, typer.Option(metavar="KEYS", help="Only these assets, such as kpi/seats.")] = None,
    engine: Annotated[
        Engine | None, typer.Option(help="What makes the tables, instead of what program.yaml says.")
    ] = None,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Go on, although the clock lies before the ledger's last entry.")
    ] = False,
    destroy_now: Annotated[
        bool, typer.Option("--destroy-now", help="Destroy what is past retention, also right after a pause.")
    ] = False,
    rebuild_ledger: Annotated[
        bool,
        typer.Option(
            "--rebuild-ledger", help="Only make a damaged ledger whole of what is left; every file is held then."
        ),
    ] = False,
    make_all: Annotated[
        bool, typer.Option("--all", help="Make everything anew, also what nothing has changed under.")
    ] = False,
    restate: Annotated[
        bool,
        typer.Option(
            "--restate",
            help="Publish all figures anew; whoever kept an earlier page can tell what changed, also of one person.",
        ),
    ] = False,
    profile: Annotated[bool, typer.Option("--profile", help="Also say where the seconds went.")] = False,
    as_json: JsonOption = False,
    wait: Wait = 600,
) -> None:
    """Does what has changed: files, tables, checks, pages.

    With --as-of DATE, another day than the data reaches, the page goes to published/as-of/DATE/; what is current stays.
    """
    place = Home(home)
    program = load_program(home)
    if engine is Engine.SPARK and program.engine == "duckdb":
        raise UserError(NO_SPARK)
    day = day_asked(as_of, program, allow_future=allow_future)
    from fellowship_pipeline.forgetting import erasure  # noqa: PLC0415 - loads pyarrow
    from fellowship_pipeline.forgetting.reading import arrive  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    with (
        hold(place.state, wait, say_waiting),
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("starting", total=None)

        def on_step(name: str, done: float, total: float) -> None:
            progress.update(task, description=name, completed=done, total=total)

        if rebuild_ledger:
            say_findings(health.rebuild(place))
            return
        if clock_is_right:
            say_findings(health.believe(place))
        say_findings(health.begin(place))
        resumed = erasure.resume(place, program)
        arrivals = None if select else arrive(place, program)
        summary = None
        if not (make_all or restate or select or resumed or program.schedules.start):
            from fellowship_pipeline.standing import look  # noqa: PLC0415 - loads the warnings

            summary = look(place, program, day, destroys_now=destroy_now, wait=wait)
        if summary is None:
            from fellowship_pipeline.run import run_home  # noqa: PLC0415 - Dagster takes a second to import

            summary = run_home(
                place,
                program,
                as_of=day,
                select=select,
                destroys_now=destroy_now,
                makes_all=make_all,
                engine=engine.value if engine else None,
                restates=restate,
                arrivals=arrivals,
                wait=wait,
                on_step=on_step,
            )
        if resumed and summary.ok and summary.published and summary.published.parent == place.release:
            say_finished(program, erasure.finish(place, resumed).values())
    _report(summary, as_json)
    if profile and not as_json:
        show(terminal.profile(summary.profile), err=True)
    if not summary.ok:
        raise typer.Exit(CHECK_FAILED)


def _report(summary: RunSummary, as_json: bool) -> None:
    for warning in summary.warnings:
        say(f"warning: {warning}")
    if summary.warnings:
        say(counted(len(summary.warnings), "warning"))
    for check in summary.warned_checks:
        say(f"check: {check}")
    if not summary.ok:
        failed = ", ".join(summary.failed_checks) or f"see run {summary.run_id} in HOME/dagster"
        say(f"error: nothing new published; failed: {failed}")
    stood = f" ({summary.stood} stood)" if summary.stood else ""
    day = f"as of {summary.as_of}: " if summary.as_of else ""
    say(f"{day}{counted(summary.tables, 'table')}{stood}, {counted(summary.rows, 'row')} in {summary.seconds:.1f} s")
    if summary.stands_since:
        say(f"nothing new: the page stands since {summary.stands_since:%Y-%m-%d %H:%M} UTC; `--all` makes it anew")
    if as_json:
        echo_json(dataclasses.asdict(summary))
    elif summary.published is not None:
        typer.echo(summary.published)
