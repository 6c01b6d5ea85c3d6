"""`fellowship …`: the command line.

Belongs here: arguments, progress, words on the terminal, exit codes. Does not belong here: any work; every command
hands on to the module that does it.
"""

from __future__ import annotations

import dataclasses
import json
import signal
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console, RenderableType
from rich.progress import Progress
from rich.table import Column, Table
from rich.text import Text

from fellowship_pipeline import __version__, health, terminal
from fellowship_pipeline.errors import LockHeld, UserError, in_words
from fellowship_pipeline.explain import command as explaining
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.init import new_home
from fellowship_pipeline.intake.landing.ledger import RECOVERED, Ledger, Listed, Verb
from fellowship_pipeline.program import load_program
from fellowship_pipeline.short_lived import collect_less, leave
from fellowship_pipeline.terminal import printable

if TYPE_CHECKING:
    from fellowship_pipeline.forgetting.erasure import Erased
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.standing import RunSummary

CHECK_FAILED, BAD_INPUT, HELD, INTERRUPTED = 1, 2, 3, 130
PIPE_WIDTH = 400

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command()(explaining.explain)

HomePath = Annotated[Path, typer.Argument(metavar="HOME", help="The program's home directory.")]
FilePath = Annotated[Path, typer.Argument(metavar="FILE", help="The file, as it was downloaded.")]
OneSource = Annotated[str | None, typer.Option(metavar="S", help="Only this canonical source.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, for a machine.")]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for another run (0: do not wait).")]


class Engine(Enum):
    """What computes the tables."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"fellowship {__version__}")
        raise typer.Exit


@app.callback()
def fellowship(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Says which version this is.")
    ] = False,
) -> None:
    """Runs a learning fellowship's data."""


@app.command()
def init(
    home: HomePath,
    example: Annotated[str | None, typer.Option(help="An example to begin with.")] = None,
    data: Annotated[Path | None, typer.Option(help="Where the example's real data lie.")] = None,
) -> None:
    """Makes a new home with a commented program.yaml."""
    new_home(home, example, data)
    typer.echo(home)


@app.command()
def run(
    home: HomePath,
    *,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The day to see the program at.")
    ] = None,
    select: Annotated[str | None, typer.Option(metavar="KEYS", help="Only these assets, such as kpi/seats.")] = None,
    engine: Annotated[Engine, typer.Option(help="What computes the tables.")] = Engine.DUCKDB,
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
    profile: Annotated[bool, typer.Option("--profile", help="Also say where the seconds went.")] = False,
    as_json: JsonOption = False,
    wait: Wait = 600,
) -> None:
    """Does what has changed: files, tables, checks, pages."""
    if engine is Engine.SPARK:
        raise UserError("--engine spark is not available in this version; leave it out to run on DuckDB")
    place = Home(home)
    program = load_program(home)
    from fellowship_pipeline.forgetting import erasure  # noqa: PLC0415 - loads pyarrow
    from fellowship_pipeline.forgetting.reading import arrive  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    with (
        hold(place.state, wait, _say_waiting),
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("starting", total=None)

        def on_step(name: str, done: float, total: float) -> None:
            progress.update(task, description=name, completed=done, total=total)

        if rebuild_ledger:
            _say_findings(health.rebuild(place))
            return
        if clock_is_right:
            _say_findings(health.believe(place))
        _say_findings(health.begin(place))
        resumed = erasure.resume(place, program)
        arrivals = None if select else arrive(place, program)
        day = as_of.date() if as_of else None
        summary = None
        if not (make_all or select or resumed or program.schedules.start):
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
                arrivals=arrivals,
                wait=wait,
                on_step=on_step,
            )
        if resumed and summary.ok and summary.published:
            _say_finished(program, erasure.finish(place, resumed).values())
    _report(summary, as_json)
    if profile and not as_json:
        _print(terminal.profile(summary.profile), err=True)
    if not summary.ok:
        raise typer.Exit(CHECK_FAILED)


def _report(summary: RunSummary, as_json: bool) -> None:
    for warning in summary.warnings:
        _say(f"warning: {warning}")
    if summary.warnings:
        _say(f"{len(summary.warnings)} warnings")
    for check in summary.warned_checks:
        _say(f"check: {check}")
    if not summary.ok:
        failed = ", ".join(summary.failed_checks) or f"see run {summary.run_id} in HOME/dagster"
        _say(f"error: nothing new published; failed: {failed}")
    stood = f" ({summary.stood} stood)" if summary.stood else ""
    day = f"as of {summary.as_of}: " if summary.as_of else ""
    _say(f"{day}{summary.tables} tables{stood}, {summary.rows} rows in {summary.seconds:.1f} s")
    if summary.stands_since:
        _say(f"nothing new: the page stands since {summary.stands_since:%Y-%m-%d %H:%M} UTC; `--all` makes it anew")
    if as_json:
        _echo_json(dataclasses.asdict(summary))
    elif summary.published is not None:
        typer.echo(summary.published)


@app.command()
def files(
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
    place = Home(home)
    if not place.program_file.exists():
        raise UserError(f"{home} is no home: it has no program.yaml")
    ledger = Ledger(place.ledger)
    if action is None:
        _say_findings(found for found in health.look(place) if found.level is health.Level.STOP)
        listed = ledger.state().listed()
    elif file_id is None:
        raise UserError(f"{action} which file? `fellowship files {home}` lists their ids")
    else:
        with hold(place.state, wait, _say_waiting):
            health.refuse(health.look(place))
            listed = ledger.decide_recovered(action) if file_id == RECOVERED else [ledger.decide(action, file_id)]
        _say("the next run acts on it")
    if as_json:
        _echo_json({"files": [dataclasses.asdict(file) for file in listed]})
    elif listed:
        _print([_table(listed)])
    else:
        _say("nothing came yet; `fellowship run` takes in what lies in landing/")


@app.command("map")
def map_file(file: FilePath, *, source: OneSource = None, as_json: JsonOption = False) -> None:
    """Proposes a mapping for any file: what it could be, and the lines of program.yaml to paste."""
    from fellowship_pipeline.intake.proposal import propose  # noqa: PLC0415 - readers take a while to import

    proposed = propose(file, source)
    if as_json:
        _echo_json(proposed.document())
    else:
        _print(terminal.proposals(proposed))


@app.command()
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
        _echo_json({"trials": [dataclasses.asdict(trial) | {"loadable": trial.loadable} for trial in tried]})
    else:
        _print(terminal.trials(tried))
    for trial in tried:
        if not trial.loadable:
            raise UserError(f"{file.name} would not be loaded into {trial.source}: {trial.reason or trial.status}")


@app.command()
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
            _say(f"error: {error}")
            return False

    with hold(place.state, wait, _say_waiting):
        _say_findings(health.begin(place))
        planned = erasure.plan(place, program, member)
        for line in planned.lines():
            _say(line)
        if not yes:
            typer.confirm(f"Erase '{member}' for good?", abort=True, err=True)
        asked_on = requested.date() if requested else None
        erased = erasure.erase(place, program, planned, rebuilt, landing=landing, requested=asked_on)
    _say_finished(program, erased.earlier)
    for line in erased.lines():
        _say(line)
    if not erased.is_done:
        raise typer.Exit(CHECK_FAILED)
    for language in program.languages:
        typer.echo(erased.notice(language))


def _say_finished(program: Program, finished: Iterable[Erased]) -> None:
    """What came of erasures that had broken off: their proof, and the words to send on."""
    for erased in finished:
        _say("an erasure that was interrupted is finished")
        lines = [*erased.lines(), *(erased.notice(language) for language in program.languages if erased.is_done)]
        for line in lines:
            _say(line)


def _table(listed: Iterable[Listed]) -> Table:
    fixed = [Column(name, no_wrap=True) for name in ("id", "source", "status")]
    table = Table(*fixed, Column("rows", justify="right"), "first seen", "path", "reason", box=None)
    for file in listed:
        seen = f"{file.first_seen:%Y-%m-%d %H:%M}" if file.first_seen else ""
        rows = "" if file.rows is None else f"{file.rows:,}"
        cells = (file.id, file.source or "", file.status, rows, seen, file.path, file.reason or "")
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _print(parts: Iterable[RenderableType], *, err: bool = False) -> None:
    stream = sys.stderr if err else sys.stdout
    console = Console(stderr=err, width=None if stream.isatty() else PIPE_WIDTH)
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, Text))


def _echo_json(document: dict[str, object]) -> None:
    typer.echo(json.dumps(document, default=str, ensure_ascii=False))


def _say_waiting(what: str) -> None:
    _say(f"waiting: {what}")


def _say_findings(found: Iterable[health.Finding]) -> None:
    for finding in found:
        _say(f"{finding.level.value}: {finding.line()}")


def _say(line: str) -> None:
    """One line on stderr."""
    typer.echo(printable(line), err=True)


def status(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command line (default: this process's), what a user did wrong said in one line on stderr."""
    code = INTERRUPTED
    try:
        ended = int(app(arguments, standalone_mode=False) or 0)
        if ended != INTERRUPTED:  # typer's answer to Ctrl-C, without a word
            return ended
        message = "interrupted"
    except UserError as error:
        code, message = BAD_INPUT, str(error)
    except LockHeld as error:
        code, message = HELD, str(error)
    except typer.TyperException as error:
        code, message = error.exit_code, error.format_message()
    except (KeyboardInterrupt, typer.Abort):
        message = "interrupted"
    except Exception as error:
        told = in_words(error)
        if told is None:
            raise
        code, message = BAD_INPUT, told
    _say(f"error: {message}")
    return code


def main() -> NoReturn:
    """The ``fellowship`` command. To be told to end is to be interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    collect_less()
    leave(status())
