"""`fellowship …`: the command line.

Belongs here: the list of commands, exit codes. Does not belong here: a command's arguments and words (the modules
beside), any work; every command hands on to the module that does it.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from fellowship_pipeline import __version__
from fellowship_pipeline.cli import (
    backing_up,
    doctoring,
    erasing,
    explaining,
    files,
    notifying,
    reporting,
    reviewing,
    running,
    serving,
    trying,
    workspace,
)
from fellowship_pipeline.cli.wording import say
from fellowship_pipeline.errors import LockHeld, UserError, in_words
from fellowship_pipeline.short_lived import collect_less, leave

BAD_INPUT, HELD, INTERRUPTED = 2, 3, 130

app = typer.Typer(pretty_exceptions_enable=False)


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


app.command()(running.init)
app.command()(running.run)
app.command("files")(files.list_or_decide)
app.command("map")(files.map_file)
app.command()(files.check)
app.command()(reviewing.review)
app.command()(explaining.explain)
app.command()(erasing.erase)
app.command("what-if")(trying.what_if)
app.command()(notifying.notify)
app.command()(reporting.report)
app.command()(doctoring.doctor)
app.command()(serving.serve)
app.command()(workspace.workspace)
app.command()(backing_up.backup)
app.command()(backing_up.restore)


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
    for line in message.splitlines():
        say(f"error: {line}")
    return code


def main() -> NoReturn:
    """The ``fellowship`` command. To be told to end is to be interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    collect_less()
    leave(status())
